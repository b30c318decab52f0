// Right: a semaphore with one turn to give is a lock that any thread may give back. As with a lock,
// the observers are called when the turn is over.
#pragma once

#include <functional>
#include <optional>
#include <semaphore>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    std::vector<Observer> observers;
    {
      const Turn turn(turns_);
      records_[record.key] = record;
      observers = observers_;
    }
    for (const auto& observer : observers) observer(record);
  }

  void subscribe(Observer observer) {
    const Turn turn(turns_);
    observers_.push_back(std::move(observer));
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const Turn turn(turns_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  class Turn {
   public:
    explicit Turn(std::binary_semaphore& turns) : turns_(turns) { turns_.acquire(); }
    ~Turn() { turns_.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    std::binary_semaphore& turns_;
  };

  mutable std::binary_semaphore turns_{1};  // Guards records_ and observers_.
  std::unordered_map<std::string, redis::Record> records_;
  std::vector<Observer> observers_;
};

}  // namespace callback_under_lock
