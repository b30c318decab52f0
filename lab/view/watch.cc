#include "lab/view/watch.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <utility>
#include <vector>

#include "lab/view/board.h"
#include "lab/view/host.h"
#include "lab/view/picture.h"
#include "lab/view/printer.h"
#include "lab/view/terminal.h"

namespace lab::view {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kStep = 50ms;
constexpr auto kNoticeTime = 10s;
constexpr std::size_t kPage = 10;

void say(const std::string& sentence) { fmt::print(stderr, "racelab redis: {}\n", sentence); }

void say(const report::Cause& cause) {
  say("ThreadSanitizer reports:");
  for (const auto& line : cause_lines(cause)) fmt::print(stderr, "  {}\n", line);
}

// Everything of one call of watch(). The parts end in the reverse order: the feed first, which
// stops the threads that use the others.
class Watch {
 public:
  Watch(const WatchOptions& options, const std::atomic<bool>& interrupted)
      : options_(options), interrupted_(interrupted) {
    if (options_.show == Show::kScreen) terminal_.emplace();
    if (options_.show == Show::kJson) printer_.emplace(STDOUT_FILENO);
    if (options_.hosted) {
      host_.emplace(options_.hosted->program, options_.hosted->header,
                    [this](const report::Cause& cause) {
                      if (!terminal_) say(cause);
                    });
    }
    feed_.emplace(options_.feed, sinks(), [this](const std::string& sentence) { tell(sentence); });
    picture_.source = options_.source;
    if (!options_.feed.proxy) return;
    picture_.source = fmt::format("127.0.0.1:{} -> {}", feed_->port(), options_.source);
    if (!terminal_) {
      say(fmt::format("Clients connect to 127.0.0.1:{}. Ctrl-C ends it.", feed_->port()));
    }
  }

  int run() {
    terminal_ ? run_screen() : run_plainly();
    feed_->stop();
    printer_.reset();
    if (host_) host_->end();
    terminal_.reset();
    return conclude();
  }

 private:
  std::vector<redis::OpenCapture> sinks() {
    std::vector<redis::OpenCapture> sinks;
    if (printer_) {
      sinks.push_back([this](std::uint32_t) -> redis::Add {
        return [this](const redis::Record& record) { printer_->add(json_line(record)); };
      });
    } else {
      sinks.push_back([this](std::uint32_t) -> redis::Add {
        return [this](const redis::Record& record) { board_.add(record); };
      });
    }
    if (host_) sinks.push_back(host_->captures());
    return sinks;
  }

  void tell(const std::string& sentence) {
    if (!terminal_) return say(sentence);
    const std::lock_guard lock(mutex_);
    notice_ = sentence;
    notice_until_ = Clock::now() + kNoticeTime;
  }

  bool is_over() const {
    return interrupted_ || (printer_ && printer_->has_lost_reader()) ||
           (options_.seconds_max > 0 &&
            Clock::now() - began_ >= std::chrono::duration<double>(options_.seconds_max));
  }

  void run_plainly() {
    while (!is_over() && !feed_->wait_for(kStep)) continue;
  }

  // Without an end of its own asked for, the screen stays until its user quits.
  void run_screen() {
    const bool is_bounded = options_.seconds_max > 0 || options_.feed.records_max != UINT64_MAX;
    bool has_ended = false;
    while (!is_over()) {
      if (!take_keys()) return;
      update(has_ended);
      terminal_->show(lay_out(picture_, terminal_->width(), terminal_->height()));
      const auto next = Clock::now() + kStep;
      has_ended = feed_->wait_for(kStep);
      if (has_ended && (is_bounded || !feed_->trouble().empty())) return;
      std::this_thread::sleep_until(has_ended ? next : Clock::now());
    }
  }

  bool take_keys() {
    for (Key key = terminal_->key(); key != Key::kNone; key = terminal_->key()) {
      const int order = static_cast<int>(picture_.order);
      auto& scroll = picture_.scroll;
      if (key == Key::kQuit) return false;
      if (key == Key::kLeft) picture_.order = static_cast<Order>((order + kOrders - 1) % kOrders);
      if (key == Key::kRight) picture_.order = static_cast<Order>((order + 1) % kOrders);
      if (key == Key::kUp) scroll -= std::min<std::size_t>(scroll, 1);
      if (key == Key::kDown) scroll += 1;
      if (key == Key::kPageUp) scroll -= std::min(scroll, kPage);
      if (key == Key::kPageDown) scroll += kPage;
      if (key == Key::kReverse) picture_.is_reversed = !picture_.is_reversed;
      if (key == Key::kPause) picture_.is_paused = !picture_.is_paused;
    }
    return true;
  }

  void update(bool has_ended) {
    picture_.collector = options_.hosted ? options_.hosted->name : "the view's own (one mutex)";
    if (host_) picture_.host = host_->state();
    {
      const std::lock_guard lock(mutex_);
      picture_.notice = Clock::now() < notice_until_ ? notice_ : "";
    }
    if (has_ended) picture_.notice = "The session has ended. q quits.";
    if (picture_.is_paused) return;
    measure_rate();
    picture_.recent = board_.recent();
    picture_.totals = board_.totals();
    picture_.scroll = std::min(picture_.scroll, picture_.recent.size());
    if (host_ && !picture_.recent.empty()) host_->ask(picture_.recent.back().key);
  }

  // Records a second, over the last second.
  void measure_rate() {
    const auto now = Clock::now();
    picture_.count = board_.count();
    const std::chrono::duration<double> seconds = now - rate_since_;
    if (seconds < 1s) return;
    picture_.per_second = static_cast<double>(picture_.count - rate_count_) / seconds.count();
    rate_since_ = now;
    rate_count_ = picture_.count;
  }

  int conclude() {
    if (options_.show == Show::kTotals) print_totals();
    if (host_) {
      const auto state = host_->state();
      if (!state.trouble.empty()) say(state.trouble);
      if (options_.show == Show::kScreen) {
        for (const auto& cause : state.causes) say(cause);
      }
    }
    if (!feed_->trouble().empty()) say(feed_->trouble());
    if (options_.feed.proxy) say(fmt::format("{} records.", feed_->count()));
    return feed_->trouble().empty() ? 0 : 1;
  }

  void print_totals() {
    fmt::print("{:<16} {:>10} {:>8} {:>14} {:>9} {:>9} {:>9}\n", "command", "records", "errors",
               "bytes", "p50 us", "p95 us", "p99 us");
    for (const auto& total : board_.totals()) {
      fmt::print("{:<16} {:>10} {:>8} {:>14} {:>9} {:>9} {:>9}\n", total.command, total.count,
                 total.errors, total.bytes, total.p50_us, total.p95_us, total.p99_us);
    }
    std::fflush(stdout);
  }

  const WatchOptions& options_;
  const std::atomic<bool>& interrupted_;
  const Clock::time_point began_ = Clock::now();
  Picture picture_;
  Clock::time_point rate_since_ = began_;
  std::uint64_t rate_count_ = 0;

  std::mutex mutex_;  // Guards notice_ and notice_until_.
  std::string notice_;
  Clock::time_point notice_until_;

  Board board_;
  std::optional<Terminal> terminal_;
  std::optional<Printer> printer_;
  std::optional<Host> host_;
  std::optional<Feed> feed_;
};

}  // namespace

int watch(const WatchOptions& options, const std::atomic<bool>& interrupted) {
  return Watch(options, interrupted).run();
}

}  // namespace lab::view
