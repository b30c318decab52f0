#pragma once

#include <CLI/CLI.hpp>

namespace lab::cli {

// Exit codes that every command shares; the verdicts' own are in lab/verdict/.
inline constexpr int kUsage = 2;
inline constexpr int kCannotJudge = 3;

// Each command is a file of this folder with one function: it adds the command to the program and,
// when that was called, leaves its exit code in `exit_code`. `exit_code` outlives the parsing.
void add_demo(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_start(CLI::App& app, int& exit_code);
void add_hint(CLI::App& app, int& exit_code);
void add_solution(CLI::App& app, int& exit_code);
void add_reset(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_explore(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_grade(CLI::App& app, int& exit_code);
void add_test(CLI::App& app, int& exit_code);
void add_redis(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_completion(CLI::App& app, int& exit_code);
void add_judged(CLI::App& app, int& exit_code);
void add_bench(CLI::App& app, int& exit_code);
void add_matrix(CLI::App& app, int& exit_code);

// All of them, in the order of --help.
void add_commands(CLI::App& app, int& exit_code);

}  // namespace lab::cli
