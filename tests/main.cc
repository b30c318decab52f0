#include <gtest/gtest.h>

// Zero tests found is a failure.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  if (testing::GTEST_FLAG(list_tests)) return result;
  return testing::UnitTest::GetInstance()->test_to_run_count() == 0 ? 1 : result;
}
