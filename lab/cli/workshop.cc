#include "lab/cli/workshop.h"

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>

#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/cli/loop.h"
#include "lab/paths.h"
#include "lab/scratch.h"
#include "lab/verdict/process.h"
#include "lab/workshop/files.h"
#include "lab/workshop/terminal.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

volatile sig_atomic_t loop_process = 0;

// Ctrl-C reaches the loop by itself; what is sent to us alone we hand on.
void hand_on(int number) {
  if (loop_process > 0) kill(static_cast<pid_t>(loop_process), number);
}

void guard_signals() {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGQUIT, SIG_IGN);
  std::signal(SIGTSTP, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = hand_on;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
}

[[noreturn]] void be_the_loop(const course::Course& course, const fs::path& scratch,
                              pid_t guardian) {
  // Without its guardian the loop gives the terminal back by itself.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != guardian) _exit(1);
  verdict::adopt_orphans();
  int code = 1;
  try {
    code = run_loop(course, attempts_folder(), scratch);
  } catch (const std::exception& error) {
    fmt::print(stderr, "racelab: {}\n", error.what());
    code = dynamic_cast<const workshop::FileError*>(&error) ? kCannotJudge : 1;
  }
  std::fflush(nullptr);
  _exit(code);
}

// Waits for the loop's end. Ctrl-Z stops the loop, which gives the terminal back first; we follow
// it, so that the shell speaks only then.
int wait_for(pid_t process) {
  int status = 0;
  for (;;) {
    if (waitpid(process, &status, WUNTRACED) < 0) {
      if (errno != EINTR) return status;
    } else if (WIFSTOPPED(status)) {
      raise(SIGSTOP);
      kill(process, SIGCONT);
    } else {
      return status;
    }
  }
}

// What the loop was judging has lost its parent and is ours now: run() ends all that it did not
// start itself.
void end_the_rest() { verdict::run({.arguments = {"true"}}, {.time = std::chrono::seconds(5)}); }

// Runs the loop in a process of its own, and gives the terminal back if that dies of whatever.
int guard(const course::Course& course, const fs::path& scratch) {
  termios before{};
  tcgetattr(STDIN_FILENO, &before);
  const pid_t guardian = getpid();
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) be_the_loop(course, scratch, guardian);
  if (process < 0) {
    fmt::print(stderr, "racelab: no process can be started: {}\n", std::strerror(errno));
    return kCannotJudge;
  }
  loop_process = process;
  guard_signals();
  const int status = wait_for(process);
  end_the_rest();
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const char* kind = std::getenv("TERM");
  if (kind && *kind && std::strcmp(kind, "dumb") != 0) {
    const char* text = workshop::Terminal::give_back();
    [[maybe_unused]] const auto written = write(STDOUT_FILENO, text, std::strlen(text));
  }
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fmt::print(stderr, "racelab: the workshop ended by a signal ({}). Your work is kept.\n",
             strsignal(WTERMSIG(status)));
  return 128 + WTERMSIG(status);
}

}  // namespace

int workshop() {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
    fmt::print(stderr,
               "racelab: the workshop needs a terminal. Without one:\n"
               "  {0} start 01    begins a scenario\n"
               "  {0} check 01    judges your attempt at it\n"
               "  {0} --help      tells the rest\n",
               called());
    return kUsage;
  }
  return guarded([] {
    const course::Course course(source_root());
    const workshop::FileLock lock(attempts_folder() / ".workshop.lock", 0);
    if (!lock.held()) {
      fmt::print(stderr,
                 "racelab: another workshop is open on {}. Go on there, or end it with q.\n",
                 shown(attempts_folder()));
      return kCannotJudge;
    }
    const Scratch scratch("workshop");
    return guard(course, scratch.folder());
  });
}

}  // namespace lab::cli
