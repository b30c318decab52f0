#include "lab/verdict/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

extern char** environ;

namespace lab::verdict {
namespace {

using Clock = std::chrono::steady_clock;

// Children that a run() of this process waits for. Any other child is an orphan that a judged
// process left behind.
std::mutex children_mutex;
std::set<pid_t> children;  // Guarded by children_mutex.

struct Stat {
  pid_t parent = 0;
  pid_t group = 0;
  std::size_t resident_bytes = 0;
};

bool read_stat(pid_t pid, Stat& stat) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return false;
  std::istringstream fields(text.substr(end_of_name + 1));
  std::string field;
  // Fields from the third on, see proc(5): state, ppid, pgrp, …, rss is the 24th, in pages.
  for (int number = 3; number <= 24 && fields >> field; ++number) {
    const auto value = std::strtoll(field.c_str(), nullptr, 10);
    if (number == 4) stat.parent = static_cast<pid_t>(value);
    if (number == 5) stat.group = static_cast<pid_t>(value);
    if (number == 24) {
      stat.resident_bytes =
          static_cast<std::size_t>(value) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    }
  }
  return true;
}

template <class Visit>
void each_process(Visit visit) {
  DIR* folder = opendir("/proc");
  if (!folder) return;
  while (const dirent* entry = readdir(folder)) {
    pid_t pid = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    const auto parsed = std::from_chars(entry->d_name, end, pid);
    Stat stat;
    if (parsed.ec == std::errc{} && parsed.ptr == end && read_stat(pid, stat)) visit(pid, stat);
  }
  closedir(folder);
}

std::size_t resident_bytes_of_group(pid_t group) {
  std::size_t total = 0;
  each_process([&](pid_t, const Stat& stat) {
    if (stat.group == group) total += stat.resident_bytes;
  });
  return total;
}

// Kills what judged processes left behind: processes that became our children without our starting
// them. A process that forks while it dies may need a few passes.
void sweep_orphans() {
  for (int pass = 0; pass < 20; ++pass) {
    bool found = false;
    each_process([&](pid_t pid, const Stat& stat) {
      if (stat.parent != getpid()) return;
      const std::lock_guard lock(children_mutex);
      if (children.contains(pid)) return;
      found = true;
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    });
    if (!found) return;
  }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// All that the child needs between fork() and exec(), where only async-signal-safe calls are
// allowed.
struct Launch {
  explicit Launch(const Command& command) : arguments(command.arguments) {
    for (char** variable = environ; *variable; ++variable) {
      const std::string_view text = *variable;
      const auto name = text.substr(0, text.find('=') + 1);
      const bool replaced =
          std::any_of(command.environment.begin(), command.environment.end(),
                      [name](const std::string& ours) { return ours.starts_with(name); });
      if (!replaced) environment.emplace_back(text);
    }
    environment.insert(environment.end(), command.environment.begin(), command.environment.end());
    argv = pointers(arguments);
    envp = pointers(environment);
    folder = command.folder.string();
    fixed_addresses = command.fixed_addresses;
  }
  Launch(const Launch&) = delete;

  [[noreturn]] void exec() {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    if (fixed_addresses) personality(ADDR_NO_RANDOMIZE);
    if (folder.empty() || chdir(folder.c_str()) == 0) execvpe(argv[0], argv.data(), envp.data());
    const char* reason = std::strerror(errno);
    [[maybe_unused]] auto written = write(2, reason, std::strlen(reason));
    _exit(127);
  }

  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::string folder;
  bool fixed_addresses = false;
};

// Forks and execs with both output streams on `output_fd`; registers the child.
pid_t start(Launch& launch, int output_fd) {
  const int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t judge = getpid();
  const std::lock_guard lock(children_mutex);
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != judge) _exit(127);
    dup2(null_fd, 0);
    dup2(output_fd, 1);
    dup2(output_fd, 2);
    launch.exec();
  }
  if (pid > 0) {
    setpgid(pid, pid);
    children.insert(pid);
  }
  if (null_fd >= 0) close(null_fd);
  return pid;
}

// Reads what is there, at most once; false at the end of the stream.
bool drain(int fd, const Bounds& bounds, const Watch& watch, Outcome& outcome) {
  char buffer[65536];
  const auto got = read(fd, buffer, sizeof buffer);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  const auto size = static_cast<std::size_t>(got);
  const auto room = bounds.output_bytes - std::min(bounds.output_bytes, outcome.output.size());
  const std::string_view part(buffer, std::min(size, room));
  outcome.output_cut = outcome.output_cut || size > room;
  outcome.output += part;
  if (watch.output && !part.empty()) watch.output(part);
  return true;
}

// Follows a child until it ended or has to be ended.
class Follower {
 public:
  Follower(pid_t pid, int fd, const Bounds& bounds, const Watch& watch, Outcome& outcome)
      : pid_(pid), fd_(fd), bounds_(bounds), watch_(watch), outcome_(outcome) {}

  // Returns once the child has ended (not yet reaped) or is over a bound.
  void follow() {
    const auto deadline = Clock::now() + bounds_.time;
    auto next_look = Clock::now();
    while (!ended()) {
      wait_for_output();
      if (Clock::now() < next_look) continue;
      next_look = Clock::now() + std::chrono::milliseconds(20);
      outcome_.timed_out = Clock::now() > deadline;
      if (watch_.poll && watch_.poll(pid_, outcome_.timed_out)) return;
      if (outcome_.timed_out) return;
      if (++looks_ % 5 == 0 && resident_bytes_of_group(pid_) > bounds_.memory_bytes) {
        outcome_.out_of_memory = true;
        return;
      }
    }
  }

  // Reads the rest that a dead child left in the pipe.
  void read_rest() {
    pollfd wait{fd_, POLLIN, 0};
    while (open_ && poll(&wait, 1, 0) > 0) open_ = drain(fd_, bounds_, watch_, outcome_);
  }

 private:
  bool ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == pid_;
  }

  void wait_for_output() {
    pollfd wait{open_ ? fd_ : -1, POLLIN, 0};
    if (poll(&wait, 1, 10) > 0) open_ = drain(fd_, bounds_, watch_, outcome_);
  }

  pid_t pid_;
  int fd_;
  const Bounds& bounds_;
  const Watch& watch_;
  Outcome& outcome_;
  bool open_ = true;
  int looks_ = 0;
};

void reap(pid_t pid, Outcome& outcome) {
  kill(-pid, SIGKILL);
  int status = 0;
  {
    const std::lock_guard lock(children_mutex);
    waitpid(pid, &status, 0);
    children.erase(pid);
  }
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
}

}  // namespace

Outcome run(const Command& command, const Bounds& bounds, const Watch& watch) {
  Outcome outcome;
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    outcome.output = std::string("no pipe: ") + std::strerror(errno);
    return outcome;
  }
  Launch launch(command);
  const auto began = Clock::now();
  const pid_t pid = start(launch, fds[1]);
  close(fds[1]);
  if (pid < 0) {
    outcome.output = std::string("no process: ") + std::strerror(errno);
    close(fds[0]);
    return outcome;
  }
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  Follower follower(pid, fds[0], bounds, watch, outcome);
  follower.follow();
  reap(pid, outcome);
  follower.read_rest();
  close(fds[0]);
  sweep_orphans();
  outcome.started = outcome.exit_code != 127;
  outcome.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return outcome;
}

int run_attached(const Command& command) {
  Launch launch(command);
  pid_t pid = 0;
  {
    const std::lock_guard lock(children_mutex);
    pid = fork();
    if (pid == 0) launch.exec();
    if (pid < 0) return 127;
    children.insert(pid);
  }
  // Ctrl-C goes to the whole group of the terminal; the child decides how to end, we wait for it.
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &before);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  sigaction(SIGINT, &before, nullptr);
  const std::lock_guard lock(children_mutex);
  children.erase(pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

}  // namespace lab::verdict
