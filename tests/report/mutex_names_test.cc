#include "lab/report/mutex_names.h"

#include <gtest/gtest.h>

namespace lab::report {
namespace {

TEST(MutexNames, AreWhatTheLineLocks) {
  EXPECT_EQ(name_of_lock("  std::lock_guard<std::mutex> lock(mutex_);", 0), "mutex_");
  EXPECT_EQ(name_of_lock("  const std::lock_guard lock{this->mutex_};", 0), "mutex_");
  EXPECT_EQ(name_of_lock("  std::unique_lock lock(from.mutex, std::defer_lock);", 0), "from.mutex");
  EXPECT_EQ(name_of_lock("  std::shared_lock<std::shared_mutex> lock(shards_[i].lock);", 0),
            "shards_[i].lock");
  EXPECT_EQ(name_of_lock("  table->mutex.lock_shared();", 0), "table->mutex");
  EXPECT_EQ(name_of_lock("  pthread_mutex_lock(&account->lock);", 0), "account->lock");
  EXPECT_EQ(name_of_lock("  pthread_mutex_init(&q->lock, NULL);", 0), "q->lock");
}

TEST(MutexNames, AreNoneWhereSeveralCouldBeMeant) {
  EXPECT_EQ(name_of_lock("  std::scoped_lock lock(a, b);", 0), "");
  EXPECT_EQ(name_of_lock("  std::lock_guard lock(mutex_of(key));", 0), "");
  EXPECT_EQ(name_of_lock("  return records_.size();  // under lock(mutex_)", 0), "");
  EXPECT_EQ(name_of_lock("  std::lock_guard lock(", 0), "");
  EXPECT_EQ(name_of_lock("lock()", 0), "");
  const auto* two = "std::lock_guard<std::mutex> a(users); std::lock_guard<std::mutex> b(groups);";
  EXPECT_EQ(name_of_lock(two, 0), "");
  EXPECT_EQ(name_of_lock(two, 29), "users");
  EXPECT_EQ(name_of_lock(two, 67), "groups");
}

}  // namespace
}  // namespace lab::report
