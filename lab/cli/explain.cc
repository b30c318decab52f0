#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "lab/cli/commands.h"
#include "lab/paths.h"
#include "lab/report/collection.h"
#include "lab/report/format/formats.h"
#include "lab/report/reader.h"
#include "lab/report/symbols.h"

// racelab explain: ThreadSanitizer's reports, from any program's output, told in words.
namespace lab::cli {
namespace {

constexpr int kRaceFound = 10;
constexpr int kWidthPiped = 100;

struct ExplainOptions {
  std::vector<std::string> files;
  std::string format = "text";
  std::vector<std::string> own;
  bool full_names = false;
  bool raw = false;
  bool fail_on_race = false;
  bool no_symbols = false;
  std::vector<std::string> modules;
};

// Feeds the whole stream to the reader; false when it cannot be read.
bool read_all(std::istream& stream, report::Reader& reader) {
  std::array<char, 64 << 10> buffer;
  while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
    reader.feed({buffer.data(), static_cast<std::size_t>(stream.gcount())});
  }
  return !stream.bad();
}

// What a regular file is that is no text; empty of others.
std::string no_log(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 4> begin{};
  stream.read(begin.data(), begin.size());
  const std::string_view magic(begin.data(), static_cast<std::size_t>(stream.gcount()));
  if (magic ==
      "\x7f"
      "ELF") {
    return "is a program; run it, and explain what it prints";
  }
  if (magic.starts_with("\x1f\x8b")) return "is compressed; zcat it, and explain that";
  return {};
}

bool read_file(const std::string& file, report::Collection& collection) {
  report::Reader reader([&](report::Report report) { collection.add(std::move(report)); });
  if (file == "-") {
    const bool read = read_all(std::cin, reader);
    reader.finish();
    return read;
  }
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    fmt::print(stderr, "explain: {} is a folder; name the files in it\n", file);
    return false;
  }
  if (const auto other = no_log(file); !other.empty()) {
    fmt::print(stderr, "explain: {} {}\n", file, other);
    return false;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream || !read_all(stream, reader)) {
    fmt::print(stderr, "explain: cannot read {}: {}\n", file, std::strerror(errno));
    return false;
  }
  reader.finish();
  return true;
}

int terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const int width = columns ? std::atoi(columns) : 0;
  return width > 0 ? width : kWidthPiped;
}

report::TextOptions text_options(const ExplainOptions& options) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  report::TextOptions text;
  text.color = terminal && !(no_color && *no_color);
  text.width = terminal_width();
  text.full_names = options.full_names;
  text.raw = options.raw;
  return text;
}

// The scenarios that can be named as reading.
std::set<std::string> scenarios() {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(source_root() / "scenarios", error), end;
       !error && it != end; it.increment(error)) {
    names.insert(it->path().filename().string());
  }
  return names;
}

// Names for frames without any, from programs beside the logs and in the current folder.
void name_frames(const ExplainOptions& options, report::Collection& collection) {
  if (options.no_symbols) return;
  report::SymbolOptions symbols;
  for (const auto& folder : options.modules) symbols.folders.emplace_back(folder);
  symbols.folders.emplace_back(".");
  for (const auto& file : options.files) {
    const auto folder = std::filesystem::path(file).parent_path();
    if (!folder.empty()) symbols.folders.push_back(folder);
  }
  for (const auto& note : report::symbolize(collection.reports(), symbols).notes) {
    fmt::print(stderr, "explain: {}\n", note);
  }
}

void write(const ExplainOptions& options, const report::Collection& collection) {
  report::Sources sources;
  const report::Context context{
      .own = {options.own}, .sources = &sources, .scenarios = scenarios(), .program = called()};
  const auto& reports = collection.reports();
  const auto causes = report::find_causes(reports, context.own, sources);
  auto& out = std::cout;
  if (options.format == "json") {
    write_json(out, reports, causes, context);
  } else if (options.format == "sarif") {
    write_sarif(out, reports, causes, context);
  } else if (options.format == "junit") {
    write_junit(out, reports, causes, context);
  } else if (options.format == "github") {
    write_github(out, reports, causes, context);
  } else if (options.format == "html") {
    write_html(out, reports, causes, context);
  } else {
    write_text(out, reports, causes, context, text_options(options));
  }
  out.flush();
}

// --own is matched against the report's paths, which may be another machine's: a folder that is not
// there is no error, but it may be a slip.
void check_own(const ExplainOptions& options, const report::Collection& collection) {
  for (const auto& path : options.own) {
    const report::Own own{{path}};
    const auto& reports = collection.reports();
    const auto owned = [&](const report::Stack& stack) {
      return std::any_of(stack.begin(), stack.end(),
                         [&](const report::Frame& frame) { return own.owns(frame); });
    };
    const bool any = std::any_of(reports.begin(), reports.end(), [&](const auto& report) {
      return std::any_of(report.accesses.begin(), report.accesses.end(),
                         [&](const auto& access) { return owned(access.stack); }) ||
             std::any_of(report.stacks.begin(), report.stacks.end(), owned) ||
             std::any_of(report.edges.begin(), report.edges.end(),
                         [&](const auto& edge) { return owned(edge.acquired_at); }) ||
             std::any_of(report.threads.begin(), report.threads.end(),
                         [&](const auto& thread) { return owned(thread.created); });
    });
    if (!any && !reports.empty()) {
      fmt::print(stderr, "explain: no frame of these reports lies in --own {}\n", path);
    }
  }
}

int explain(ExplainOptions options) {
  if (options.files.empty()) {
    if (isatty(STDIN_FILENO) == 1) {
      fmt::print(stderr,
                 "explain: name a file with ThreadSanitizer's output, or pipe it in:\n"
                 "  ctest --output-on-failure 2>&1 | {} explain\n",
                 called());
      return kUsage;
    }
    options.files.push_back("-");
  }
  report::Collection collection;
  std::size_t read = 0;
  for (const auto& file : options.files) read += read_file(file, collection);
  if (read == 0) return kUsage;
  name_frames(options, collection);
  check_own(options, collection);
  write(options, collection);
  if (collection.repeated() + collection.dropped() > 0) {
    fmt::print(stderr,
               "explain: kept {} reports; {} more repeat one of them, {} more were left out\n",
               collection.reports().size(), collection.repeated(), collection.dropped());
  }
  if (read < options.files.size()) return kUsage;
  if (!std::cout) {
    fmt::print(stderr, "explain: cannot write the output\n");
    return kUsage;
  }
  const auto& reports = collection.reports();
  const bool found = std::any_of(reports.begin(), reports.end(),
                                 [](const report::Report& report) { return !report.fatal; });
  return options.fail_on_race && found ? kRaceFound : 0;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("explain", "Explain ThreadSanitizer's reports, of any program");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("files", options->files,
                      "Logs to read; standard input when none is named, or '-'");
  command->add_option("--format", options->format, "How to show what was found")
      ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "html"}))
      ->capture_default_str();
  command
      ->add_option("--own", options->own,
                   "A file or folder of your own code; may be given several times. Without it, "
                   "everything is but the standard library, the system and test frameworks")
      ->allow_extra_args(false);
  command->add_flag("--full-names", options->full_names,
                    "Names with all their templates and parameters");
  command->add_flag("--raw", options->raw,
                    "The reports as they were printed, behind each explanation");
  command
      ->add_option(
          "--modules", options->modules,
          "A folder with the programs and libraries that ran, for the names of frames that "
          "have none; the current one and the logs' are looked at anyway")
      ->check(CLI::ExistingDirectory)
      ->allow_extra_args(false);
  command->add_flag("--no-symbols", options->no_symbols,
                    "Leave frames without names as they are; run no symboliser");
  command->add_flag("--fail-on-race", options->fail_on_race,
                    "Exit with 10 when there was a report; a crash alone is none");
  command->footer(
      "Exits with 0 when it read what was there, 10 when --fail-on-race is given and there was a\n"
      "report, 2 when a file cannot be read or an option is wrong. In a pipe, set -o pipefail "
      "keeps\n"
      "the exit code of what comes before.\n"
      "  " +
      called() +
      " explain tsan.log\n"
      "  ctest --output-on-failure 2>&1 | " +
      called() + " explain --fail-on-race");
  command->callback([options, &exit_code] { exit_code = explain(*options); });
}

}  // namespace lab::cli
