#include "lab/cli/commands.h"

namespace lab::cli {

void add_commands(CLI::App& app, int& exit_code) {
  add_demo(app, exit_code);
  add_list(app, exit_code);
  add_start(app, exit_code);
  add_check(app, exit_code);
  add_hint(app, exit_code);
  add_solution(app, exit_code);
  add_reset(app, exit_code);
  add_explore(app, exit_code);
  add_explain(app, exit_code);
  add_verify(app, exit_code);
  add_grade(app, exit_code);
  add_test(app, exit_code);
  add_redis(app, exit_code);
  add_doctor(app, exit_code);
  add_completion(app, exit_code);
  add_judged(app, exit_code);
  add_bench(app, exit_code);
  add_matrix(app, exit_code);
}

}  // namespace lab::cli
