#include "lab/report/reader.h"

#include <array>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "lab/report/draft.h"
#include "lab/report/lines.h"
#include "lab/report/text.h"
#include "lab/report/utf8.h"

namespace lab::report {
namespace {

// Bounds of what is held at once. A line keeps its head; the longest real ones have some 10 KB.
constexpr std::size_t kLineMax = 256 << 10;
constexpr std::size_t kOpenMax = 32;
constexpr std::size_t kStreamsMax = 64;

// Colours, which the runtime writes when its output is a terminal, and the zeros of a log that some
// shell wrote as UTF-16: what we look for is ASCII.
bool is_plain(std::string_view line) {
  return line.find('\x1b') == std::string_view::npos && line.find('\0') == std::string_view::npos;
}

void make_plain(std::string& line) {
  std::erase(line, '\0');
  std::size_t to = 0;
  for (std::size_t from = 0; from < line.size(); ++from) {
    if (line[from] == '\x1b' && from + 1 < line.size() && line[from + 1] == '[') {
      from += 2;
      while (from < line.size() && (line[from] < '@' || line[from] > '~')) ++from;
    } else {
      line[to++] = line[from];
    }
  }
  line.resize(to);
}

}  // namespace

class Reader::Impl {
 public:
  explicit Impl(Sink sink) : sink_(std::move(sink)) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto end = bytes.find('\n');
      const auto part = bytes.substr(0, end);
      if (end != std::string_view::npos && line_.empty()) {
        take_raw(part.substr(0, kLineMax));
      } else {
        line_ += part.substr(0, kLineMax - std::min(kLineMax, line_.size()));
        if (end != std::string_view::npos) take_buffered();
      }
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
    }
  }

  void finish() {
    if (!line_.empty()) take_buffered();
    for (auto& draft : open_) draft->close();
    hand_over();
  }

 private:
  void take_buffered() {
    const std::string line = std::exchange(line_, {});
    take_raw(line);
  }

  void take_raw(std::string_view line) {
    if (is_plain(line)) return take_text(line);
    std::string plain(line);
    make_plain(plain);
    take_text(plain);
  }

  void take_text(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_utf8(line)) return take_line(line);
    take_line(valid_utf8(line));
  }

  void take_line(std::string_view line) {
    const auto header =
        line.find("ThreadSanitizer") == std::string_view::npos ? Header{} : parse_header(line);
    if (header.found) {
      begin(header);
    } else {
      note_test(line);
      if (!open_.empty()) offer(line);
    }
    header_before_ = header.found;
    const auto words = trim(line);
    separator_ = words.ends_with(kSeparator) ? kSeparator : std::string_view{};
    hand_over();
  }

  void begin(const Header& header) {
    const auto key = prefix_key(header.prefix);
    for (auto& draft : open_) {
      // One process writes one report at a time. A process that is not named is the same one.
      const bool same = draft->pid() == header.pid || draft->pid() == 0 || header.pid == 0;
      if (draft->summarised() || (draft->key() == key && same)) draft->close();
    }
    if (open_.size() >= kOpenMax) open_.front()->close();
    const auto test = tests_.find(key);
    open_.push_back(std::make_unique<Draft>(header, separator_,
                                            test == tests_.end() ? std::string() : test->second));
    switches_ = open_.size() > 1 && header_before_ ? 1 : 0;
    last_ = open_.back().get();
  }

  // Gives the line to the open report that it fits best; of equals, as the writers' turns suggest.
  void offer(std::string_view line) {
    Draft* best = nullptr;
    Line best_line;
    int best_fit = 0;
    int second_fit = 0;
    for (auto& draft : open_) {
      if (draft->complete()) continue;
      const auto body = draft->strip(line);
      if (!body) continue;
      auto parsed = parse_line(*body);
      if (draft->summarised()) {
        draft->end_after_summary(parsed);
        continue;
      }
      int fit = 4 * draft->fits(parsed);
      if (fit > 0) fit += 2 * (body->size() < line.size()) + turn(*draft);
      if (fit > best_fit) {
        second_fit = std::exchange(best_fit, fit);
        best = draft.get();
        best_line = std::move(parsed);
      } else {
        second_fit = std::max(second_fit, fit);
      }
    }
    for (auto& draft : open_) {
      if (draft.get() != best) draft->pass();
    }
    if (!best) return;
    best->take(best_line);
    note_turn(*best, best_fit - second_fit >= 4);
  }

  // Writers that take turns line by line, and those that write several lines at once, both show it
  // in the lines that leave no doubt.
  int turn(const Draft& draft) const { return (&draft == last_) != (switches_ > 0.5); }

  void note_turn(Draft& draft, bool sure) {
    if (sure) switches_ += 0.3 * ((&draft != last_) - switches_);
    last_ = &draft;
  }

  // "[ RUN      ] Suite.Test", "[       OK ] Suite.Test (0 ms)", "[  FAILED  ] Suite.Test".
  void note_test(std::string_view line) {
    constexpr std::string_view kRun = "[ RUN      ] ";
    const auto at = line.find("[ ");
    if (at == std::string_view::npos) return;
    for (const auto mark : {kRun, std::string_view("[       OK ] "),
                            std::string_view("[  FAILED  ] "), std::string_view("[  SKIPPED ] ")}) {
      if (!line.substr(at).starts_with(mark)) continue;
      const auto key = prefix_key(line.substr(0, at));
      tests_.erase(key);
      if (mark != kRun) return;
      if (tests_.size() >= kStreamsMax) tests_.clear();
      // Without what another writer put behind it.
      auto name = trim(line.substr(at + mark.size()));
      tests_[key] = name.substr(0, name.find_first_of(" ="));
      return;
    }
  }

  void hand_over() {
    while (!open_.empty() && open_.front()->complete()) {
      if (last_ == open_.front().get()) last_ = nullptr;
      auto report = open_.front()->release();
      open_.pop_front();
      sink_(std::move(report));
    }
  }

  static constexpr std::string_view kSeparator = "==================";

  Sink sink_;
  std::string line_;                         // The beginning of a line whose end is still to come.
  std::string_view separator_;               // The last line, if it was one.
  std::deque<std::unique_ptr<Draft>> open_;  // In the order of their headers.
  Draft* last_ = nullptr;                    // The one that had the last line.
  double switches_ = 0;                      // How often, of late, the next line was another's.
  bool header_before_ = false;
  std::map<std::string, std::string> tests_;  // The running test of each stream, by its prefix.
};

Reader::Reader(Sink sink) : impl_(std::make_unique<Impl>(std::move(sink))) {}
Reader::~Reader() = default;
void Reader::feed(std::string_view bytes) { impl_->feed(bytes); }
void Reader::finish() { impl_->finish(); }

std::vector<Report> read_reports(std::string_view text) {
  std::vector<Report> reports;
  Reader reader([&](Report report) { reports.push_back(std::move(report)); });
  reader.feed(text);
  reader.finish();
  return reports;
}

std::vector<Report> read_reports(std::istream& stream) {
  std::vector<Report> reports;
  Reader reader([&](Report report) { reports.push_back(std::move(report)); });
  std::array<char, 64 << 10> buffer;
  while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
    reader.feed({buffer.data(), static_cast<std::size_t>(stream.gcount())});
  }
  reader.finish();
  return reports;
}

}  // namespace lab::report
