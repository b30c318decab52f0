#include <CLI/CLI.hpp>
#include <iostream>

#include "lab/cli/commands.h"
#include "lab/verdict/process.h"

// Each command lives in lab/cli/<command>.cc; commands.h names them in the order of --help.
int main(int argc, char** argv) {
  CLI::App app("Racelab: find, explain and fix data races in C++.", "racelab");
  app.require_subcommand(0, 1);
  int exit_code = 0;
  lab::verdict::adopt_orphans();
  lab::cli::add_commands(app, exit_code);
  try {
    app.parse(argc, argv);
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
  if (app.get_subcommands().empty()) std::cout << app.help();
  return exit_code;
}
