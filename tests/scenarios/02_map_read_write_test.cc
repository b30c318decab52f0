#include <gtest/gtest.h>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"

namespace map_read_write {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

TEST(MapReadWrite, FindSeesARecordWhileAnotherArrives) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.find("user:1"); });
  EXPECT_EQ(collector.size(), 1);
}

}  // namespace
}  // namespace map_read_write
