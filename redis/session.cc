#include "redis/session.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

namespace redis {

extern const std::string_view recorded_text;  // Compiled in by redis/sessions/embed.cmake.

namespace {

constexpr std::string_view kHeader = "racelab-session 1";
constexpr std::size_t kFields = 9;
constexpr std::string_view kHexDigits = "0123456789abcdef";

[[noreturn]] void refuse(std::size_t line, const std::string& what) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + what);
}

// Keys are any bytes; the file stays printable ASCII, one line a record.
void write_text(std::ostream& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out << "\\\\";
    } else if (byte < 0x20 || byte >= 0x7f) {
      out << "\\x" << kHexDigits[byte >> 4U] << kHexDigits[byte & 0xfU];
    } else {
      out << c;
    }
  }
}

// One line of a session, taken apart field by field; every complaint names the line and the field.
class Line {
 public:
  Line(std::string_view text, std::size_t number) : number_(number) {
    for (;;) {
      const auto tab = text.find('\t');
      if (count_ == kFields) refuse(number_, "more than 9 fields");
      fields_[count_++] = text.substr(0, tab);
      if (tab == std::string_view::npos) break;
      text.remove_prefix(tab + 1);
    }
    if (count_ != kFields) {
      refuse(number_, std::to_string(count_) + " fields where 9 are expected, parted by tabs");
    }
  }

  template <class Number>
  Number number(std::size_t field, const char* name, Number least) const {
    const auto text = fields_[field];
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least) {
      refuse(number_, std::string(name) + " is '" + std::string(text) +
                          "', expected a number from " + std::to_string(least));
    }
    return value;
  }

  std::string text(std::size_t field, const char* name) const {
    std::string result;
    const auto text = fields_[field];
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        result += text[i];
      } else if (text.substr(i + 1, 1) == "\\") {
        result += '\\';
        i += 1;
      } else {
        result += byte(text.substr(i + 1, 3), name);
        i += 3;
      }
    }
    return result;
  }

  Status status(std::size_t field) const {
    if (fields_[field] == "ok") return Status::kOk;
    if (fields_[field] == "error") return Status::kError;
    refuse(number_, "status is '" + std::string(fields_[field]) + "', expected ok or error");
  }

 private:
  char byte(std::string_view escape, const char* name) const {
    unsigned value = 0;
    const char* end = escape.data() + escape.size();
    if (escape.size() != 3 || escape[0] != 'x' ||
        std::from_chars(escape.data() + 1, end, value, 16).ptr != end) {
      refuse(number_, std::string(name) + " has a backslash followed by neither \\ nor xHH");
    }
    return static_cast<char>(value);
  }

  std::size_t number_;
  std::size_t count_ = 0;
  std::array<std::string_view, kFields> fields_;
};

Record read_record(std::string_view text, std::size_t number) {
  const Line line(text, number);
  Record record;
  record.connection = line.number<std::uint32_t>(0, "connection", 1);
  record.sequence = line.number<std::uint64_t>(1, "sequence", 1);
  record.command = line.text(2, "command");
  record.key = line.text(3, "key");
  record.request_bytes = line.number<std::uint64_t>(4, "request_bytes", 0);
  record.response_bytes = line.number<std::uint64_t>(5, "response_bytes", 0);
  record.start_us = line.number<std::int64_t>(6, "start_us", 0);
  record.latency_us = line.number<std::int64_t>(7, "latency_us", 0);
  record.status = line.status(8);
  return record;
}

}  // namespace

Session read_session(std::istream& in) {
  std::string line;
  if (!std::getline(in, line) || line != kHeader) {
    refuse(1, "not a session: the first line must be '" + std::string(kHeader) + "'");
  }
  Session session;
  std::unordered_map<std::uint32_t, std::uint64_t> last_sequence;
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    if (line.starts_with('#')) continue;
    session.push_back(read_record(line, number));
    auto& last = last_sequence[session.back().connection];
    if (session.back().sequence <= last) {
      refuse(number, "sequence " + std::to_string(session.back().sequence) + " after " +
                         std::to_string(last) + " on the same connection");
    }
    last = session.back().sequence;
  }
  return session;
}

Session read_session(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be opened");
  try {
    return read_session(in);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

void write_session_header(std::ostream& out) {
  out << kHeader << "\n# connection, sequence, command, key, request_bytes, response_bytes, "
      << "start_us, latency_us, status\n";
}

void write_record(std::ostream& out, const Record& record) {
  out << record.connection << '\t' << record.sequence << '\t';
  write_text(out, record.command);
  out << '\t';
  write_text(out, record.key);
  out << '\t' << record.request_bytes << '\t' << record.response_bytes << '\t' << record.start_us
      << '\t' << record.latency_us << '\t' << (record.status == Status::kOk ? "ok" : "error")
      << '\n';
}

void write_session(std::ostream& out, const Session& session) {
  write_session_header(out);
  for (const auto& record : session) write_record(out, record);
}

const Session& recorded_session() {
  static const Session session = [] {
    std::istringstream in{std::string(recorded_text)};
    return read_session(in);
  }();
  return session;
}

std::vector<Session> by_connection(const Session& session) {
  std::vector<Session> result;
  std::unordered_map<std::uint32_t, std::size_t> index_of;
  for (const auto& record : session) {
    const auto [found, is_new] = index_of.try_emplace(record.connection, result.size());
    if (is_new) result.emplace_back();
    result[found->second].push_back(record);
  }
  return result;
}

std::vector<Latest> latest_by_key(const Session& session) {
  std::map<std::string, std::vector<Record>> latest;
  for (const auto& records : by_connection(session)) {
    std::map<std::string, Record> latest_here;
    for (const auto& record : records) latest_here[record.key] = record;
    for (const auto& [key, record] : latest_here) latest[key].push_back(record);
  }
  std::vector<Latest> result;
  for (auto& [key, records] : latest) result.push_back({key, std::move(records)});
  return result;
}

}  // namespace redis
