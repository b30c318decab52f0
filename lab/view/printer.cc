#include "lab/view/printer.h"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string_view>

namespace lab::view {
namespace {

constexpr std::size_t kWaitingBytesMax = 1 << 20;

// SIGPIPE is ignored by the command, so that a reader that has gone is an error here.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string json_line(const redis::Record& record) {
  const nlohmann::ordered_json json{
      {"connection", record.connection},
      {"sequence", record.sequence},
      {"command", record.command},
      {"key", record.key},
      {"request_bytes", record.request_bytes},
      {"response_bytes", record.response_bytes},
      {"start_us", record.start_us},
      {"latency_us", record.latency_us},
      {"status", record.status == redis::Status::kOk ? "ok" : "error"}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Printer::Printer(int descriptor) : descriptor_(descriptor), writer_([this] { write_lines(); }) {}

Printer::~Printer() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  writer_.join();
}

void Printer::add(const std::string& line) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return lines_.size() < kWaitingBytesMax || has_lost_reader_; });
  if (has_lost_reader_) return;
  lines_ += line;
  lock.unlock();
  changed_.notify_all();
}

bool Printer::has_lost_reader() const {
  const std::lock_guard lock(mutex_);
  return has_lost_reader_;
}

void Printer::write_lines() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !lines_.empty() || is_ending_; });
    if (lines_.empty()) return;
    std::string lines;
    lines.swap(lines_);
    lock.unlock();
    changed_.notify_all();
    const bool taken = write_all(descriptor_, lines);
    lock.lock();
    if (!taken) has_lost_reader_ = true;
    if (!taken) lines_.clear();
  }
}

}  // namespace lab::view
