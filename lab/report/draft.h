#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/lines.h"
#include "lab/report/report.h"

namespace lab::report {

// A report that is being read.
class Draft {
 public:
  Draft(const Header& header, std::string_view separator, std::string test);

  // Takes a line that fits.
  void take(const Line& line);
  // Another report of the same process began, or the stream ended.
  void close();
  // No line came for this one: it gets older, and ends when too old.
  void pass();
  // The separator after a summary, or anything that is not it.
  void end_after_summary(const Line& line);

  // How well a line fits, 0 for not at all.
  int fits(const Line& line) const;
  bool complete() const { return complete_; }
  bool summarised() const { return !report_.summary.empty(); }
  int pid() const { return report_.pid; }
  const std::string& key() const { return key_; }
  // The line without the prefix of this report's lines; nothing when it is another stream's.
  std::optional<std::string_view> strip(std::string_view line) const;
  Report release() { return std::move(report_); }

 private:
  void take_frame(const Line& line);
  void take_section(const Line& line);
  void append(std::string_view text);
  int fits_frame(const Line& line) const;
  int fits_access(const Access& access) const;
  int fits_location(const Location& location) const;
  int fits_heading(std::string_view text) const;
  int fits_thread(const Thread& thread) const;
  bool mentions(std::string_view mutex) const;

  Report report_;
  std::string key_;         // The prefix of its lines, digits of timestamps blotted out.
  Stack* stack_ = nullptr;  // Where the next frame goes; points into report_'s newest part.
  std::vector<std::string> modules_;
  std::size_t lines_ = 0;
  std::size_t idle_ = 0;
  bool separated_ = false;
  bool complete_ = false;
};

// What the prefixes of one stream's lines have in common: themselves, or, when they hold a
// timestamp, their shape.
std::string prefix_key(std::string_view prefix);

}  // namespace lab::report
