#include "lab/workshop/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "lab/workshop/files.h"

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr int kLockSeconds = 10;

std::string medal_of(const std::string& strategy) {
  const bool known = std::find(kMedals.begin(), kMedals.end(), strategy) != kMedals.end();
  return known ? strategy : "other";
}

Json to_json(const Progress& progress) {
  auto scenarios = Json::object();
  for (const auto& [id, standing] : progress.scenarios) {
    scenarios[id] = {{"started", standing.started},
                     {"hints", standing.hints},
                     {"solution_asked", standing.solution_asked},
                     {"peeked", standing.peeked},
                     {"checks", standing.checks},
                     {"verdict", standing.verdict},
                     {"medals", standing.medals}};
  }
  return {{"version", kVersion}, {"current", progress.current}, {"scenarios", scenarios}};
}

// None when the text is not a progress file.
std::optional<Progress> parse(const std::string& text) {
  try {
    const auto json = Json::parse(text);
    if (json.at("version") != kVersion) return std::nullopt;
    Progress progress{.current = json.at("current"), .scenarios = {}};
    for (const auto& [id, of] : json.at("scenarios").items()) {
      auto& standing = progress.scenarios[id];
      standing.started = of.at("started");
      standing.hints = of.at("hints");
      standing.solution_asked = of.at("solution_asked");
      standing.peeked = of.at("peeked");
      standing.checks = of.at("checks");
      standing.verdict = of.at("verdict");
      standing.medals = of.at("medals").get<std::set<std::string>>();
    }
    return progress;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

// An attempt's name is its scenario's, "02_map_read_write.h"; what `reset` kept has a number more.
bool is_attempt(const fs::path& file) {
  return file.extension() == ".h" && file.stem().string().find('.') == std::string::npos &&
         !file.filename().string().starts_with(".");
}

std::vector<fs::path> headers_in(const fs::path& folder) {
  std::vector<fs::path> headers;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_attempt(it->path())) headers.push_back(it->path());
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

}  // namespace

const Standing& Progress::of(const std::string& scenario) const {
  static const Standing none;
  const auto found = scenarios.find(scenario);
  return found == scenarios.end() ? none : found->second;
}

ProgressFile::ProgressFile(fs::path attempts)
    : attempts_(std::move(attempts)), file_(attempts_ / ".progress.json") {}

Progress ProgressFile::load() {
  std::error_code error;
  if (!fs::exists(file_, error)) {
    if (headers_in(attempts_).empty()) return {};
    notice_ = "The progress file is not there; it is made again from your attempts.";
    return rebuild();
  }
  if (auto progress = parse(read_file(file_))) return *std::move(progress);
  const auto kept = attempts_ / ".progress.broken.json";
  fs::copy_file(file_, kept, fs::copy_options::overwrite_existing, error);
  notice_ = fmt::format(
      "The progress file could not be understood{}; it is made again from your attempts.",
      error ? "" : " (kept as " + kept.filename().string() + ")");
  return rebuild();
}

Progress ProgressFile::rebuild() const {
  Progress progress;
  std::error_code error;
  fs::file_time_type latest = fs::file_time_type::min();
  for (const auto& header : headers_in(attempts_)) {
    const auto scenario = header.stem().string();
    progress.scenarios[scenario].started = true;
    const auto written = fs::last_write_time(header, error);
    if (error || written < latest) continue;
    latest = written;
    progress.current = scenario;
  }
  for (fs::directory_iterator it(attempts_ / "passed", error), end; !error && it != end;
       it.increment(error)) {
    for (const auto& header : headers_in(it->path())) {
      auto& standing = progress.scenarios[it->path().filename().string()];
      standing.started = true;
      standing.medals.insert(medal_of(header.stem().string()));
    }
  }
  return progress;
}

Progress ProgressFile::read() {
  try {
    return load();
  } catch (const FileError& error) {
    notice_ = error.what();
    return rebuild();
  }
}

Progress ProgressFile::update(const std::function<void(Progress&)>& change) {
  const FileLock lock(attempts_ / ".progress.lock", kLockSeconds);
  if (!lock.held()) {
    throw FileError("Another racelab holds your progress; end it, then do this again.");
  }
  auto progress = load();
  change(progress);
  replace_file(file_, to_json(progress).dump(2) + "\n");
  return progress;
}

bool ProgressFile::try_update(const std::function<void(Progress&)>& change) {
  try {
    update(change);
    return true;
  } catch (const FileError& error) {
    notice_ = std::string("Your progress is not kept. ") + error.what();
    return false;
  }
}

std::string ProgressFile::take_notice() { return std::exchange(notice_, ""); }

bool keep_passed(const fs::path& attempts, const std::string& scenario, const std::string& strategy,
                 const std::string& source) {
  try {
    replace_file(attempts / "passed" / scenario / (medal_of(strategy) + ".h"), source);
    return true;
  } catch (const FileError&) {
    return false;
  }
}

bool note_verdict(ProgressFile& file, const fs::path& attempts, const std::string& scenario,
                  const std::string& verdict, const std::string& strategy,
                  const std::string& source) {
  if (verdict == "pass") keep_passed(attempts, scenario, strategy, source);
  return file.try_update([&](Progress& progress) {
    auto& standing = progress.scenarios[scenario];
    standing.started = true;
    ++standing.checks;
    standing.verdict = verdict;
    if (verdict == "pass") standing.medals.insert(medal_of(strategy));
  });
}

}  // namespace lab::workshop
