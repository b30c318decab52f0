#pragma once

// What every contract and most collectors include, precompiled for all of them.

#include "drill/standard_library.h"  // Before anything of the standard library's.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
