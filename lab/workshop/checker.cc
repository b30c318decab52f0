#include "lab/workshop/checker.h"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

// The judge has bounds of its own; this is for one that breaks them. The first check after a clone
// builds, which may take long.
constexpr std::chrono::minutes kLimit{60};
constexpr std::size_t kStepMax = 200;

}  // namespace

Checker::Checker() {
  if (pipe2(fds_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe can be had");
}

Checker::~Checker() {
  cancel();
  for (const int fd : fds_) close(fd);
}

void Checker::start(verdict::Command command, fs::path result) {
  cancel();
  worker_ = std::thread(
      [this, command = std::move(command), result = std::move(result)] { work(command, result); });
}

void Checker::cancel() {
  cancelled_ = true;
  if (worker_.joinable()) worker_.join();
  cancelled_ = false;
  news_ = {};
  char ignored[64];
  while (read(fds_[0], ignored, sizeof ignored) > 0) {
  }
}

Checker::News Checker::news() {
  char ignored[64];
  while (read(fds_[0], ignored, sizeof ignored) > 0) {
  }
  News news;
  {
    const std::lock_guard lock(mutex_);
    news = news_;
  }
  if (news.ended) worker_.join();
  return news;
}

void Checker::wake() const {
  // A full pipe is as good: the loop is awake then.
  [[maybe_unused]] const auto written = write(fds_[1], "x", 1);
}

void Checker::work(const verdict::Command& command, const fs::path& result) {
  std::string line;
  verdict::Watch watch;
  watch.output = [&](std::string_view part) {
    for (const char c : part) {
      if (c == '\n') {
        {
          const std::lock_guard lock(mutex_);
          news_.step = std::exchange(line, "");
        }
        wake();
      } else if (line.size() < kStepMax) {
        line += c;
      }
    }
  };
  bool told = false;
  watch.poll = [&](int, bool) {
    std::error_code error;
    if (!told && fs::exists(result, error)) {
      told = true;
      {
        const std::lock_guard lock(mutex_);
        news_.judged = true;
      }
      wake();
    }
    return cancelled_.load();
  };
  auto outcome = verdict::run(command, {.time = kLimit}, watch);
  std::error_code error;
  {
    const std::lock_guard lock(mutex_);
    news_.judged = fs::exists(result, error);
    news_.ended = true;
    news_.outcome = std::move(outcome);
  }
  wake();
}

}  // namespace lab::workshop
