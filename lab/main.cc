#include <CLI/CLI.hpp>
#include <iostream>

#include "lab/cli/commands.h"
#include "lab/cli/workshop.h"
#include "lab/verdict/process.h"

// Each command lives in lab/cli/<command>.cc; commands.h names them in the order of --help.
int main(int argc, char** argv) {
  CLI::App app("Racelab: find, explain and fix data races in C++.", "racelab");
  app.require_subcommand(0, 1);
  app.footer(
      "Without a command: the workshop, which judges your file on every save.\n"
      "  racelab                    begin, or go on where you left off\n"
      "  racelab start 02           a file of your own to mend, attempts/02_map_read_write.h\n"
      "  racelab check 02           judge it; the exit code is the verdict\n"
      "  racelab explain tsan.log   any program's reports, in words\n"
      "A scenario is named by its number or a part of its name. Every command has --help.");
  int exit_code = 0;
  lab::verdict::adopt_orphans();
  lab::cli::add_commands(app, exit_code);
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) return lab::cli::workshop();
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : lab::cli::kUsage;
  } catch (const std::invalid_argument& error) {  // A name that the course does not have.
    std::cerr << "racelab: " << error.what() << '\n';
    return lab::cli::kUsage;
  } catch (const std::exception& error) {
    std::cerr << "racelab: " << error.what() << '\n';
    return 1;
  }
  return exit_code;
}
