// An ordinary GoogleTest with ordinary threads. Each test is run in every interleaving of its
// threads with up to two preemptions.
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

namespace {

class Account {
 public:
  int balance() const {
    const std::lock_guard lock(mutex_);
    return balance_;
  }
  void set_balance(int balance) {
    const std::lock_guard lock(mutex_);
    balance_ = balance;
  }
  void deposit(int amount) {
    const std::lock_guard lock(mutex_);
    balance_ += amount;
  }

 private:
  mutable std::mutex mutex_;  // Guards balance_.
  int balance_ = 0;
};

// Each call is locked, the two together are not. ThreadSanitizer has nothing to say.
TEST(Account, TwoDepositsByReadingAndWritingAreBothKept) {
  Account account;
  const auto deposit = [&account] { account.set_balance(account.balance() + 10); };
  std::thread one(deposit);
  std::thread other(deposit);
  one.join();
  other.join();
  EXPECT_EQ(account.balance(), 20);
}

TEST(Account, TwoDepositsAreBothKept) {
  Account account;
  std::thread one([&account] { account.deposit(10); });
  std::thread other([&account] { account.deposit(10); });
  one.join();
  other.join();
  EXPECT_EQ(account.balance(), 20);
}

}  // namespace
