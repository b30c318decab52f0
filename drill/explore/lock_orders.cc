#include "drill/explore/lock_orders.h"

#include <algorithm>
#include <array>

namespace drill::explore {
namespace {

struct Held {
  Address lock;
  bool write;
  bool operator==(const Held&) const = default;
};

// A thread took `to` while it held locks, `from` among them.
struct Order {
  static constexpr int kHeldMax = 8;
  Address from;
  Address to;
  std::array<Held, kHeldMax> held;  // `from` too.
  int held_count;
  bool operator==(const Order&) const = default;
};

constexpr int kOrdersMax = 128;
constexpr int kStepsMax = 10'000;  // Of the search for cycles.
std::array<Order, kOrdersMax> orders;
int order_count = 0;
int orders_searched = 0;  // What was there at the last search for cycles.
bool overflow = false;

// Whether two threads cannot both hold what they held.
bool exclude(const Order& a, const Order& b) {
  const auto b_end = b.held.begin() + b.held_count;
  return std::any_of(a.held.begin(), a.held.begin() + a.held_count, [&](const Held& mine) {
    return std::any_of(b.held.begin(), b_end, [&](const Held& other) {
      return mine.lock == other.lock && (mine.write || other.write);
    });
  });
}

// Goes through the cycles, each from its order that was seen first.
class Cycles {
 public:
  explicit Cycles(LockOrders& sum) : sum_(sum) {}

  void find() {
    for (int i = 0; i < order_count && !sum_.open; ++i) follow(i);
  }

 private:
  void follow(int order) {
    if (++steps_ > kStepsMax) sum_.open = true;
    path_[static_cast<std::size_t>(length_++)] = order;
    const Order& first = orders[static_cast<std::size_t>(path_[0])];
    const Order& last = orders[static_cast<std::size_t>(order)];
    if (last.to == first.from) {
      (is_gated() ? sum_.gated : sum_.open) = true;
    } else {
      for (int next = path_[0] + 1; next < order_count && !sum_.open; ++next) {
        if (orders[static_cast<std::size_t>(next)].from == last.to && !is_on_path(last.to)) {
          follow(next);
        }
      }
    }
    --length_;
  }

  const Order& at(int place) const {
    return orders[static_cast<std::size_t>(path_[static_cast<std::size_t>(place)])];
  }

  bool is_on_path(Address from) const {
    for (int i = 0; i < length_; ++i) {
      if (at(i).from == from) return true;
    }
    return false;
  }

  bool is_gated() const {
    for (int i = 0; i < length_; ++i) {
      for (int j = 0; j < i; ++j) {
        if (exclude(at(i), at(j))) return true;
      }
    }
    return false;
  }

  LockOrders& sum_;
  std::array<int, kOrdersMax> path_{};
  int length_ = 0;
  int steps_ = 0;
};

void note(const Order& order) {
  const auto end = orders.begin() + order_count;
  if (std::find(orders.begin(), end, order) != end) return;
  if (order_count == kOrdersMax) {
    overflow = true;
  } else {
    orders[static_cast<std::size_t>(order_count++)] = order;
  }
}

}  // namespace

void note_lock_order(const Thread& thread, const Object& object) {
  if (thread.held.empty()) return;
  if (thread.held.size() > Order::kHeldMax) {
    overflow = true;
    return;
  }
  Order order{.from = 0, .to = object.address, .held = {}, .held_count = 0};
  for (const HeldLock& held : thread.held) {
    order.held[static_cast<std::size_t>(order.held_count++)] = {held.object->address, held.write};
  }
  for (const HeldLock& held : thread.held) {
    order.from = held.object->address;
    note(order);
  }
}

void add_lock_orders(LockOrders& sum) {
  sum.open = sum.open || overflow;
  if (sum.open || order_count == orders_searched) return;
  orders_searched = order_count;
  Cycles(sum).find();
}

}  // namespace drill::explore
