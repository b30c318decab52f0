#pragma once

#include <CLI/CLI.hpp>

namespace lab::cli {

// Exit codes that every command shares; the verdicts' own are in lab/verdict/.
inline constexpr int kUsage = 2;
inline constexpr int kCannotJudge = 3;

// A command adds itself to the program and, when it was called, leaves its exit code in `exit_code`.
using AddCommand = void (*)(CLI::App& app, int& exit_code);

void add_commands(CLI::App& app, int& exit_code);

}  // namespace lab::cli
