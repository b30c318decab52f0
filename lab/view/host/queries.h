#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <type_traits>

#include "redis/record.h"

// Asks a collector whatever it can be asked, without knowing which scenario it is of.
namespace lab::view {

inline constexpr std::int64_t kSecondUs = 1'000'000;

// A query's result in a few words. All of it is read, as a view would: a reference or a snapshot
// that is not safe to read shows only then.
template <class T>
std::string told(const T& result) {
  if constexpr (std::convertible_to<const T&, std::string>) {
    return result;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(result);
  } else if constexpr (std::same_as<T, redis::Record>) {
    return result.command + " " + result.key + ", " + std::to_string(result.latency_us) + " us";
  } else if constexpr (std::ranges::input_range<const T>) {
    std::size_t size = 0;
    for (const auto& element : result) {
      [[maybe_unused]] const auto copy = element;
      ++size;
    }
    return std::to_string(size) + " entries";
  } else if constexpr (requires { static_cast<bool>(result), *result; }) {
    return result ? told(*result) : "nothing";
  } else {
    return "answered";
  }
}

template <class Call>
void tell(std::string& answers, const char* query, const std::string& argument, const Call& call) {
  if (!answers.empty()) answers += "; ";
  answers += query;
  answers += "(" + argument + "): ";
  if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
    call();
    answers += "done";
  } else {
    answers += told(static_cast<const std::remove_cvref_t<decltype(call())>&>(call()));
  }
}

#define RACELAB_ASK(query)                                                               \
  if constexpr (requires { collector.query(key); }) {                                    \
    take(#query, key, [&]() -> decltype(auto) { return collector.query(key); });         \
  } else if constexpr (requires { collector.query(); }) {                                \
    take(#query, "", [&]() -> decltype(auto) { return collector.query(); });             \
  } else if constexpr (requires { collector.query(kSecondUs); }) {                       \
    take(#query, "1 s", [&]() -> decltype(auto) { return collector.query(kSecondUs); }); \
  } else if constexpr (requires { collector.query(other); }) {                           \
    take(#query, "other", [&] { collector.query(other); });                              \
    take(#query, "back", [&] { other.query(collector); });                               \
  }

// Gives every query that the collector has to `take`, as a name, an argument in words, and a call:
// those of the names that the course uses and those that the scenario's Fault: line says. `other`
// is for queries that take a second collector; those that take a time are given a second. The build
// may name queries to begin with (RACELAB_FIRST_QUERIES) and to end with (RACELAB_FAULT_QUERIES).
template <class Collector, class Take>
void each_query(Collector& collector, [[maybe_unused]] Collector& other,
                [[maybe_unused]] const std::string& key, Take&& take) {
#ifdef RACELAB_FIRST_QUERIES
  RACELAB_FIRST_QUERIES
#endif
  RACELAB_ASK(find)
  RACELAB_ASK(recent)
  RACELAB_ASK(size)
  RACELAB_ASK(records)
  RACELAB_ASK(bytes)
  RACELAB_ASK(requests)
  RACELAB_ASK(hits)
  RACELAB_ASK(counts)
  RACELAB_ASK(totals)
  RACELAB_ASK(snapshot)
  RACELAB_ASK(latest)
  RACELAB_ASK(mean)
  RACELAB_ASK(merge)
#ifdef RACELAB_FAULT_QUERIES
  RACELAB_FAULT_QUERIES
#endif
}

#undef RACELAB_ASK

// Calls every query that the collector has. The answers, parted by semicolons.
template <class Collector>
std::string ask(Collector& collector, Collector& other, const std::string& key) {
  std::string answers;
  each_query(collector, other, key,
             [&answers](const char* query, const std::string& argument, const auto& call) {
               tell(answers, query, argument, call);
             });
  return answers;
}

}  // namespace lab::view
