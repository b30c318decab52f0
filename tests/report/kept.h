#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

// What compilers print of programs/, as data/ keeps it.
namespace lab::report {

inline const std::filesystem::path kReportTests =
    std::filesystem::path(RACELAB_SOURCE_DIR) / "tests/report";

// A program's log; with its source at hand, its places are those of this checkout.
inline std::string kept_log(const std::string& compiler, const std::string& program,
                            bool with_source) {
  std::ifstream stream(kReportTests / "data" / compiler / (program + ".txt"));
  std::ostringstream read;
  read << stream.rdbuf();
  auto log = read.str();
  const std::string kept = " /src/";
  const auto here = " " + (kReportTests / "programs").string() + "/";
  for (auto at = log.find(kept); with_source && at != log.npos; at = log.find(kept, at + 1)) {
    log.replace(at, kept.size(), here);
  }
  return log;
}

}  // namespace lab::report
