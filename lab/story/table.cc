#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "lab/report/sources.h"
#include "lab/story/layout.h"
#include "lab/story/rows.h"
#include "lab/story/story.h"

namespace lab::story {
namespace {

// A story longer than this is cut in its middle.
constexpr std::size_t kRowsMax = 80;
constexpr std::size_t kRowsFirst = 30;

constexpr std::size_t kNumberWidth = 4;
constexpr std::size_t kLaneMin = 13;
constexpr std::size_t kLaneMax = 22;
constexpr std::size_t kSourceMin = 26;
// On a narrow page the lanes come before the source.
constexpr int kColumnsMin = 40;
constexpr std::size_t kSourceFrom = 60;
constexpr std::size_t kSourceNarrow = 8;
constexpr std::size_t kCellLinesMax = 3;
constexpr std::size_t kPlaceMax = 16;

constexpr const char* kLaneColours[] = {"36", "35", "33", "32", "34"};

std::string file_name(const std::string& path) {
  return harmless(std::filesystem::path(path).filename().string());
}

class Table {
 public:
  Table(const Story& story, const Page& page) : page_(page), rows_(rows_of(story)) {
    for (const Row& row : rows_) {
      if (!row.thread.empty()) lanes_.try_emplace(row.thread, 0);
      if (!row.file.empty()) files_.insert(file_name(row.file));
    }
    for (const Side& side : story.sides) ends_.insert({side.thread, side.file, side.line});
    set_widths();
  }

  std::vector<std::string> lines() {
    if (lanes_.empty()) return {};
    lines_.push_back(header());
    std::string lane;  // Of the row before.
    bool ended = false;
    std::size_t number = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_.size() > kRowsMax && i == kRowsFirst) {
        const auto left_out = rows_.size() - kRowsMax;
        say(fmt::format("… {} more of the kind …", left_out));
        for (; i < kRowsFirst + left_out; ++i) number += steps_of(rows_[i]);
        lane.clear();
      }
      const Row& row = rows_[i];
      if (row.thread.empty()) {
        say(harmless(row.text));
        number += steps_of(row);
        continue;
      }
      if (!lane.empty() && lane != row.thread) arrow(lane, row, ended);
      take(row, ++number);
      lane = row.thread;
      ended = row.ends;
    }
    return std::move(lines_);
  }

 private:
  static std::size_t steps_of(const Row& row) {
    return row.thread.empty() ? static_cast<std::size_t>(row.left_out) : 1;
  }

  // "main" comes first, then the threads by number.
  void set_widths() {
    std::vector<std::string> names;
    for (const auto& [name, _] : lanes_) names.push_back(name);
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      const auto key = [](const std::string& name) {
        return name == "main" ? std::string() : std::string(name.size(), '.') + name;
      };
      return key(a) < key(b);
    });
    for (std::size_t i = 0; i < names.size(); ++i) lanes_[names[i]] = i;
    place_width_ = 4;
    if (files_.size() > 1) {
      for (const auto& file : files_) {
        place_width_ = std::max(place_width_, std::min(width_of(file) + 4, kPlaceMax));
      }
    }
    const auto columns = static_cast<std::size_t>(std::max(page_.columns, kColumnsMin));
    const auto source = columns < kSourceFrom ? kSourceNarrow : kSourceMin;
    const auto room = columns - kNumberWidth - place_width_ - 2 - source;
    const auto count = std::max<std::size_t>(names.size(), 1);
    lane_width_ = std::min(room / count, std::max(kLaneMin + 2, widest_cell() + 2));
    single_ = lane_width_ < kLaneMin;
    if (single_) lane_width_ = std::min(room, 2 * kLaneMax);
    const auto used = kNumberWidth + lane_width_ * (single_ ? 1 : count) + place_width_ + 2;
    source_width_ = columns - used;
  }

  std::size_t widest_cell() const {
    std::size_t widest = 0;
    for (const Row& row : rows_) {
      if (!row.thread.empty()) widest = std::max(widest, width_of(row.text));
    }
    return std::min(widest, kLaneMax);
  }

  std::size_t lane_of(const std::string& thread) const { return single_ ? 0 : lanes_.at(thread); }

  std::string in_colour(const std::string& thread, std::string_view text) const {
    return painted(kLaneColours[lanes_.at(thread) % std::size(kLaneColours)], text, page_.colour);
  }

  std::size_t lanes_width() const {
    return lane_width_ * (single_ ? 1 : std::max<std::size_t>(lanes_.size(), 1));
  }

  std::string header() const {
    std::vector<std::string> names(lanes_.size());
    for (const auto& [name, lane] : lanes_) names[lane] = name;
    std::string line(kNumberWidth, ' ');
    if (single_) {
      line += padded("threads", lane_width_);
    } else {
      for (const auto& name : names) {
        line += painted(kBold, in_colour(name, padded(name, lane_width_)), page_.colour);
      }
    }
    if (files_.size() == 1)
      line += painted(kDim, fitted(*files_.begin(), place_width_ + source_width_), page_.colour);
    return line;
  }

  void say(const std::string& remark) {
    const auto width = lanes_width() + place_width_ + source_width_;
    lines_.push_back(std::string(kNumberWidth, ' ') +
                     painted(kDim, fitted(remark, width), page_.colour));
  }

  // From one thread to the next: because it was preempted, has ended, or waits.
  void arrow(const std::string& from, const Row& to, bool ended) {
    const std::string why = to.preempts ? "preempted" : ended ? "ends" : "";
    const char* colour = to.preempts ? kBoldRed : kDim;
    if (single_) {
      lines_.push_back(
          std::string(kNumberWidth, ' ') +
          painted(colour,
                  fmt::format("── {} {}▶ {}", from, why + (why.empty() ? "" : " "), to.thread),
                  page_.colour));
      return;
    }
    const auto first = std::min(lane_of(from), lane_of(to.thread));
    const auto last = std::max(lane_of(from), lane_of(to.thread));
    const bool right = lane_of(from) == first;
    const auto width = (last - first) * lane_width_;
    const auto label = why.empty() ? std::string() : " " + why + " ";
    std::string drawn = right ? "└─" : "◀─";
    drawn += label;
    for (auto at = width_of(drawn); at + 1 < width; ++at) drawn += "─";
    drawn += right ? "▶" : "─┘";
    lines_.push_back(std::string(kNumberWidth + first * lane_width_, ' ') +
                     painted(colour, drawn, page_.colour));
  }

  void take(const Row& row, std::size_t number) {
    std::string text = harmless(row.text);
    if (single_) text = row.thread + "  " + text;
    const auto lane = lane_of(row.thread);
    std::string line = painted(kDim, fmt::format("{:>3} ", number), page_.colour);
    line += std::string(lane * lane_width_, ' ');
    // What is too long for its lane goes on below, by words.
    const auto parts = wrapped(text, lane_width_ - 1, kCellLinesMax);
    line += cell(row, parts.front());
    line += std::string(lanes_width() - (lane + 1) * lane_width_, ' ');
    if (!row.file.empty()) line += place(row) + "  " + source(row);
    lines_.push_back(std::move(line));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      lines_.push_back(std::string(kNumberWidth + lane * lane_width_, ' ') + cell(row, parts[i]));
    }
  }

  std::string cell(const Row& row, const std::string& text) const {
    const auto whole = padded(text, lane_width_);
    return row.folded ? painted(kDim, whole, page_.colour) : in_colour(row.thread, whole);
  }

  std::string place(const Row& row) const {
    auto text = files_.size() == 1 ? fmt::format("{:>4}", row.line)
                                   : fitted_end(file_name(row.file), place_width_ - 4) +
                                         fmt::format(":{}", row.line);
    if (row.line == 0) text = files_.size() == 1 ? "" : file_name(row.file);
    return painted(kDim, padded(fitted(text, place_width_), place_width_), page_.colour);
  }

  std::string source(const Row& row) {
    const auto text =
        fitted(harmless(trimmed(sources_.line(row.file, row.line).value_or(""))), source_width_);
    const bool of_the_finding = ends_.contains({row.thread, row.file, row.line});
    return of_the_finding ? painted(kRed, text, page_.colour) : text;
  }

  const Page& page_;
  std::vector<Row> rows_;
  std::map<std::string, std::size_t> lanes_;
  std::set<std::string> files_;
  std::set<std::tuple<std::string, std::string, int>> ends_;  // Where the finding stands.
  std::size_t lane_width_ = 0, place_width_ = 0, source_width_ = 0;
  bool single_ = false;  // One column for all threads, when there are too many for one each.
  report::Sources sources_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> table(const Story& story, const Page& page) {
  return Table(story, page).lines();
}

}  // namespace lab::story
