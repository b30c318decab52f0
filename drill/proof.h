#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// What makes an event the drill's own: each line is signed with a key that the judge made up and
// that the drill reads before any code under judgement runs. That code shares the drill's memory,
// so that it could search for the key; but nothing that it prints, closes, repeats or leaves out
// passes.
namespace drill {

struct Key {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

// SipHash-2-4 of the line and its place in the sequence (Aumasson and Bernstein, "SipHash: a fast
// short-input PRF", 2012).
inline std::uint64_t mac(const Key& key, std::uint64_t sequence, std::string_view line) {
  std::uint64_t v0 = key.first ^ 0x736f6d6570736575;
  std::uint64_t v1 = key.second ^ 0x646f72616e646f6d;
  std::uint64_t v2 = key.first ^ 0x6c7967656e657261;
  std::uint64_t v3 = key.second ^ 0x7465646279746573;
  const auto rotate = [](std::uint64_t x, int by) { return x << by | x >> (64 - by); };
  const auto round = [&] {
    v0 += v1, v1 = rotate(v1, 13) ^ v0, v0 = rotate(v0, 32);
    v2 += v3, v3 = rotate(v3, 16) ^ v2;
    v0 += v3, v3 = rotate(v3, 21) ^ v0;
    v2 += v1, v1 = rotate(v1, 17) ^ v2, v2 = rotate(v2, 32);
  };
  const auto absorb = [&](std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  };
  absorb(sequence);
  for (std::size_t at = 0; at < line.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, line.data() + at, line.size() - at < 8 ? line.size() - at : 8);
    absorb(word);
  }
  absorb(line.size());
  v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

inline constexpr std::size_t kSignature = 17;  // Sixteen digits and a blank, before the line.

inline std::string signed_line(const Key& key, std::uint64_t sequence, std::string_view line) {
  std::uint64_t code = mac(key, sequence, line);
  std::string result(kSignature, ' ');
  for (std::size_t i = 0; i < 16; ++i, code >>= 4) result[i] = "0123456789abcdef"[code & 15];
  return result.append(line);
}

}  // namespace drill
