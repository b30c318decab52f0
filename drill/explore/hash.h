#pragma once

#include <cstdint>

namespace drill::explore {

// A hash of what `hash` is of, followed by `value`. Not against people who look for collisions.
constexpr std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ hash >> 29;
}

}  // namespace drill::explore
