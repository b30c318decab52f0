// A ticket lock made of two atomics. Right: serving_ is stored with release and awaited with
// acquire, so each holder sees all that the one before it did; and it is fair.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const Turn turn(*this);
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> recent() const {
    const Turn turn(*this);
    return records_;
  }

 private:
  class Turn {
   public:
    explicit Turn(const Collector& collector)
        : collector_(collector),
          // Relaxed: a ticket only has to be nobody else's.
          ticket_(collector.tickets_.fetch_add(1, std::memory_order_relaxed)) {
      // Acquire pairs with the release in ~Turn(). Ends, since each holder leaves.
      while (collector_.serving_.load(std::memory_order_acquire) != ticket_) {
        std::this_thread::yield();
      }
    }
    ~Turn() {
      collector_.serving_.store(ticket_ + 1, std::memory_order_release);  // Pairs with Turn().
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    const Collector& collector_;
    const unsigned ticket_;
  };

  mutable std::atomic<unsigned> tickets_ = 0;
  mutable std::atomic<unsigned> serving_ = 0;  // Who holds this ticket may touch records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
