#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "lab/cli/commands.h"
#include "lab/cli/workshop.h"
#include "lab/course/nearest.h"
#include "lab/paths.h"
#include "lab/scratch.h"
#include "lab/verdict/process.h"

namespace {

std::string footer() {
  std::string text = "Without a command: the workshop, which judges your file on every save.\n";
  constexpr std::size_t kCommandWidth = 17;
  for (const auto& [words, meaning] : std::vector<std::pair<std::string, std::string>>{
           {"", "begin, or go on where you left off"},
           {"start 02", "a file of your own to mend, attempts/02_map_read_write.h"},
           {"check 02", "judge it; the exit code is the verdict"},
           {"explain tsan.log", "any program's reports, in words"}}) {
    text += fmt::format("  {} {:<{}}{}\n", lab::called(), words, kCommandWidth, meaning);
  }
  return text +
         "A scenario is named by its number or a part of its name. Every command has --help.";
}

bool is_no_command(const CLI::App& app, const std::string& word) {
  if (word.empty() || word[0] == '-') return false;
  return app.get_subcommands([&](const CLI::App* each) { return each->get_name() == word; })
      .empty();
}

// What to say when the first word names no command: those that it may be a slip of, else all.
std::string no_such_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const auto* command :
       app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); })) {
    names.push_back(command->get_name());
  }
  const auto near = lab::course::nearest(word, names);
  std::string text = "there is no command '" + word + "'; ";
  text += near.empty() ? "there are:" : "the nearest:";
  for (const auto& name : near.empty() ? names : near) {
    text += fmt::format("\n  {:<11} {}", name, app.get_subcommand(name)->get_description());
  }
  return text + "\n" + lab::called() + " --help tells more.";
}

}  // namespace

// Each command lives in lab/cli/<command>.cc; commands.h names them in the order of --help.
int main(int argc, char** argv) {
  CLI::App app("Racelab: find, explain and fix data races in C++.", lab::called());
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "racelab " RACELAB_VERSION);
  app.footer(footer());
  int exit_code = 0;
  lab::verdict::adopt_orphans();
  lab::cli::add_commands(app, exit_code);
  if (const std::string word = argc > 1 ? argv[1] : ""; is_no_command(app, word)) {
    std::cerr << "racelab: " << no_such_command(app, word) << '\n';
    return lab::cli::kUsage;
  }
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) return lab::cli::workshop();
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : lab::cli::kUsage;
  } catch (const std::invalid_argument& error) {  // A name that the course does not have.
    std::cerr << "racelab: " << error.what() << '\n';
    return lab::cli::kUsage;
  } catch (const lab::ScratchError& error) {
    std::cerr << "racelab: " << error.what() << '\n';
    return lab::cli::kCannotJudge;
  } catch (const std::exception& error) {
    std::cerr << "racelab: " << error.what() << '\n';
    return 1;
  }
  return exit_code;
}
