// Right: a snapshot that is never changed, behind a shared pointer that is itself atomic. Who adds
// copies it, and tries again when somebody else was faster.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto before = records_.load();
    std::shared_ptr<const Records> after;
    do {
      auto copy = std::make_shared<Records>(*before);
      (*copy)[record.key] = record;
      after = std::move(copy);
    } while (!records_.compare_exchange_weak(before, after));
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto records = records_.load();
    const auto found = records->find(key);
    if (found == records->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_.load()->size(); }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  std::atomic<std::shared_ptr<const Records>> records_{std::make_shared<const Records>()};
};

}  // namespace map_read_write
