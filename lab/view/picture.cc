#include "lab/view/picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "lab/report/explain.h"
#include "lab/report/names.h"

namespace lab::view {
namespace {

constexpr std::size_t kCausesShown = 2;

std::string printable(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '.');
  return text;
}

std::string fitted(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 1) + "~";
}

// 1234567 bytes: "1.2M".
std::string amount(std::uint64_t bytes) {
  if (bytes < 10'000) return std::to_string(bytes);
  if (bytes < 10'000'000) return fmt::format("{:.1f}k", static_cast<double>(bytes) / 1e3);
  if (bytes < 10'000'000'000) return fmt::format("{:.1f}M", static_cast<double>(bytes) / 1e6);
  return fmt::format("{:.1f}G", static_cast<double>(bytes) / 1e9);
}

// 1234567 us: "1.23s".
std::string duration(std::int64_t microseconds) {
  if (microseconds < 1000) return fmt::format("{}us", microseconds);
  if (microseconds < 1'000'000)
    return fmt::format("{:.2f}ms", static_cast<double>(microseconds) / 1e3);
  return fmt::format("{:.2f}s", static_cast<double>(microseconds) / 1e6);
}

bool comes_first(Order order, const redis::Record& a, const redis::Record& b) {
  switch (order) {
    case Order::kConnection:
      return std::pair(a.connection, a.sequence) > std::pair(b.connection, b.sequence);
    case Order::kCommand:
      return a.command < b.command;
    case Order::kKey:
      return a.key < b.key;
    case Order::kRequest:
      return a.request_bytes > b.request_bytes;
    case Order::kResponse:
      return a.response_bytes > b.response_bytes;
    case Order::kLatency:
      return a.latency_us > b.latency_us;
    case Order::kStatus:
      return a.status > b.status;
    case Order::kArrival:
      break;
  }
  return false;
}

std::vector<const redis::Record*> in_order(const Picture& picture) {
  std::vector<const redis::Record*> records;
  for (auto it = picture.recent.rbegin(); it != picture.recent.rend(); ++it)
    records.push_back(&*it);
  // Of equals the newer comes first: it lies further on in picture.recent.
  std::sort(records.begin(), records.end(), [&](const auto* a, const auto* b) {
    if (comes_first(picture.order, *a, *b)) return true;
    return !comes_first(picture.order, *b, *a) && a > b;
  });
  if (picture.is_reversed) std::reverse(records.begin(), records.end());
  return records;
}

// Collects lines until the screen is full.
class Page {
 public:
  Page(std::size_t width, std::size_t height) : width_(width), height_(height) {}

  void add(const std::string& text, Style style = Style::kPlain) {
    if (lines_.size() < height_) lines_.push_back({fitted(printable(text), width_), style});
  }

  std::size_t left() const { return height_ - lines_.size(); }
  std::size_t width() const { return width_; }
  std::vector<Line> lines() && { return std::move(lines_); }

 private:
  const std::size_t width_;
  const std::size_t height_;
  std::vector<Line> lines_;
};

void add_top(Page& page, const Picture& picture) {
  page.add(fmt::format("racelab redis   {}   {} records   {:.0f}/s{}", picture.source,
                       picture.count, picture.per_second, picture.is_paused ? "   PAUSED" : ""),
           Style::kTitle);
  page.add("collector " + picture.collector +
           (picture.host ? "   " + picture.host->answer : std::string()));
  if (!picture.host) return;
  const auto& host = *picture.host;
  if (!host.trouble.empty()) page.add(host.trouble, Style::kBad);
  if (host.causes.empty()) return;
  page.add(fmt::format("ThreadSanitizer: {} report{}, {} cause{}", host.reports,
                       host.reports == 1 ? "" : "s", host.causes.size(),
                       host.causes.size() == 1 ? "" : "s"),
           Style::kBad);
  for (std::size_t i = 0; i < std::min(kCausesShown, host.causes.size()); ++i) {
    for (const auto& line : cause_lines(host.causes[i])) page.add("  " + line, Style::kBad);
  }
}

void add_totals(Page& page, const Picture& picture) {
  page.add("");
  page.add(fmt::format("{:<14} {:>10} {:>8} {:>9} {:>9} {:>9} {:>9}", "COMMAND", "RECORDS",
                       "ERRORS", "BYTES", "P50", "P95", "P99"),
           Style::kHeading);
  const std::size_t most = std::max<std::size_t>(1, page.left() / 3);
  for (std::size_t i = 0; i < std::min(most, picture.totals.size()); ++i) {
    const auto& total = picture.totals[i];
    page.add(fmt::format("{:<14} {:>10} {:>8} {:>9} {:>9} {:>9} {:>9}", fitted(total.command, 14),
                         total.count, total.errors, amount(total.bytes), duration(total.p50_us),
                         duration(total.p95_us), duration(total.p99_us)));
  }
}

std::string records_heading(const Picture& picture, std::size_t key_width) {
  const auto name = [&](Order order, const char* text) {
    const bool is_chosen = picture.order == order;
    return std::string(text) + (!is_chosen ? "" : picture.is_reversed ? "^" : "v");
  };
  return fmt::format("{:>6} {:>7} {:<12} {:<{}} {:>9} {:>9} {:>9} {:<7}",
                     name(Order::kConnection, "CONN"), name(Order::kArrival, "SEQ"),
                     name(Order::kCommand, "COMMAND"), name(Order::kKey, "KEY"), key_width,
                     name(Order::kRequest, "REQUEST"), name(Order::kResponse, "RESPONSE"),
                     name(Order::kLatency, "LATENCY"), name(Order::kStatus, "STATUS"));
}

void add_records(Page& page, const Picture& picture) {
  constexpr std::size_t others_width = 66;
  const std::size_t key_width =
      page.width() > others_width + 10 ? page.width() - others_width : std::size_t{10};
  page.add("");
  page.add(records_heading(picture, key_width), Style::kHeading);
  const auto records = in_order(picture);
  const std::size_t last_line = 1;
  for (std::size_t i = picture.scroll; i < records.size() && page.left() > last_line; ++i) {
    const auto& record = *records[i];
    const bool is_error = record.status == redis::Status::kError;
    page.add(fmt::format("{:>6} {:>7} {:<12} {:<{}} {:>9} {:>9} {:>9} {:<7}", record.connection,
                         record.sequence, fitted(record.command, 12), fitted(record.key, key_width),
                         key_width, amount(record.request_bytes), amount(record.response_bytes),
                         duration(record.latency_us), is_error ? "error" : "ok"),
             is_error ? Style::kBad : Style::kPlain);
  }
  while (page.left() > last_line) page.add("");
}

std::string side_line(const report::Cause& cause, const report::Side& side) {
  const std::filesystem::path file(side.file);
  return fmt::format("{:<12} {:<12} {} {}   {}/{}:{}   {}",
                     side.thread_name.empty() ? side.thread : side.thread_name,
                     report::bare_name(side.function) + "()", report::past_tense(side),
                     cause.object, file.parent_path().filename().string(), file.filename().string(),
                     side.line, report::locks_label(side));
}

}  // namespace

std::vector<std::string> cause_lines(const report::Cause& cause) {
  std::vector<std::string> lines{cause.kind};
  if (cause.first.given()) lines.push_back(side_line(cause, cause.first));
  if (cause.second.given()) lines.push_back(side_line(cause, cause.second));
  return lines;
}

std::vector<Line> lay_out(const Picture& picture, std::size_t width, std::size_t height) {
  if (width == 0 || height == 0) return {};
  Page page(width, height);
  add_top(page, picture);
  add_totals(page, picture);
  add_records(page, picture);
  if (!picture.notice.empty()) {
    page.add(picture.notice, Style::kBad);
  } else {
    page.add("q quit   <- -> sort by   r reverse   up/down scroll   space pause", Style::kDim);
  }
  return std::move(page).lines();
}

}  // namespace lab::view
