#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace lab::report {

// Which reports belong together: a union-find over their numbers.
class Groups {
 public:
  explicit Groups(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }

  // Joins all of one key.
  void join(std::size_t report, std::string key) {
    const auto [known, is_new] = keys_.emplace(std::move(key), report);
    if (!is_new) unite(report, known->second);
  }

  void unite(std::size_t one, std::size_t other) {
    const auto a = root(one);
    const auto b = root(other);
    // The earlier report stays the root, so that causes come in the order of their first.
    parents_[std::max(a, b)] = std::min(a, b);
  }

  std::size_t root(std::size_t report) {
    while (parents_[report] != report) {
      parents_[report] = parents_[parents_[report]];
      report = parents_[report];
    }
    return report;
  }

 private:
  std::vector<std::size_t> parents_;
  std::map<std::string, std::size_t> keys_;
};

}  // namespace lab::report
