#include "lab/verdict/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <set>

#include "lab/verdict/confine.h"

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

// Looked at often, and for every process of the machine: without streams.
bool read_stat(pid_t pid, Stat& stat) {
  char name[32];
  std::snprintf(name, sizeof name, "/proc/%d/stat", static_cast<int>(pid));
  const int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char text[1024];
  const auto size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return false;
  text[size] = '\0';
  // After the name, which may hold anything, see proc(5): state, ppid, pgrp, …, rss in pages.
  const char* fields = std::strrchr(text, ')');
  int parent = 0;
  int group = 0;
  long pages = 0;
  if (!fields || std::sscanf(fields,
                             ") %*c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
                             "%*d %*d %*d %*u %*u %ld",
                             &parent, &group, &pages) != 3) {
    return false;
  }
  stat.parent = parent;
  stat.group = group;
  stat.resident_bytes = static_cast<std::size_t>(std::max(pages, 0L)) *
                        static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
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

struct Process {
  pid_t pid = 0;
  Stat stat;
};

// The process, all that it started and what those left to us, its group too.
std::vector<Process> family_of(pid_t pid) {
  std::vector<Process> all;
  each_process([&](pid_t each, const Stat& stat) { all.push_back({each, stat}); });
  std::set<pid_t> members = {pid};
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [each, stat] : all) {
      if (!members.contains(stat.parent) && stat.group != pid) continue;
      grown = members.insert(each).second || grown;
    }
  }
  std::erase_if(all, [&](const Process& each) { return !members.contains(each.pid); });
  return all;
}

// How long the threads of a process that live now have waited for a processor, added up; 0 where
// the kernel does not say.
std::chrono::nanoseconds waited_for_processor(pid_t pid) {
  std::uint64_t sum = 0;
  const auto tasks = "/proc/" + std::to_string(pid) + "/task";
  DIR* folder = opendir(tasks.c_str());
  if (!folder) return {};
  while (const dirent* entry = readdir(folder)) {
    // Nanoseconds on a processor, nanoseconds waiting for one, times that it got one.
    std::ifstream file(tasks + "/" + entry->d_name + "/schedstat");
    std::uint64_t ran = 0;
    std::uint64_t waited = 0;
    if (file >> ran >> waited) sum += waited;
  }
  closedir(folder);
  return std::chrono::nanoseconds(sum);
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
  explicit Launch(const Command& command)
      : arguments(confined_arguments(command)), channel(command.channel) {
    if (!command.confined_to.empty()) {
      confined = true;
      scratch = command.confined_to.string();
      environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + scratch, "TMPDIR=" + scratch};
    }
    for (char** variable = environ; !confined && *variable; ++variable) {
      add_ours(*variable, command.environment);
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
    if (channel == kChannel) fcntl(channel, F_SETFD, 0);
    if (channel >= 0 && channel != kChannel) dup2(channel, kChannel);
    if (confined) confine_self(scratch.c_str());
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
  std::string scratch;
  int channel = -1;
  bool confined = false;
  bool fixed_addresses = false;

 private:
  // Takes over a variable of our own environment unless the command sets it.
  void add_ours(std::string_view text, const std::vector<std::string>& set) {
    const auto name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(
        set.begin(), set.end(), [name](const std::string& each) { return each.starts_with(name); });
    if (!replaced) environment.emplace_back(text);
  }
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

// Becomes readable when the process ends; -1 where the kernel has no such thing.
class ProcessEnd {
 public:
  explicit ProcessEnd(pid_t pid) : fd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}
  ~ProcessEnd() {
    if (fd_ >= 0) close(fd_);
  }
  ProcessEnd(const ProcessEnd&) = delete;
  ProcessEnd& operator=(const ProcessEnd&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

// Follows a child until it ended or has to be ended.
class Follower {
 public:
  Follower(pid_t pid, int fd, const Bounds& bounds, const Watch& watch, Outcome& outcome)
      : pid_(pid), fd_(fd), bounds_(bounds), watch_(watch), outcome_(outcome) {}

  // Returns once the child has ended (not yet reaped) or is over a bound.
  void follow() {
    const auto began = Clock::now();
    auto next_look = began;
    while (!ended()) {
      wait_for_output();
      if (outcome_.output_cut && !bounds_.whole_output) return;
      if (Clock::now() < next_look) continue;
      next_look = Clock::now() + std::chrono::milliseconds(20);
      outcome_.timed_out = over_time(Clock::now() - began);
      if (watch_.poll && watch_.poll(pid_, outcome_.timed_out)) return;
      if (outcome_.timed_out) return;
      if (++looks_ % 5 == 0 && over_bounds()) return;
    }
  }

  // Reads the rest that a dead child left in the pipe.
  void read_rest() {
    pollfd wait{fd_, POLLIN, 0};
    while (open_ && poll(&wait, 1, 0) > 0) open_ = drain(fd_, bounds_, watch_, outcome_);
  }

 private:
  bool over_time(Clock::duration elapsed) const {
    if (elapsed <= bounds_.time) return false;
    return elapsed > bounds_.time * kStarvedMax || elapsed > bounds_.time + starved_;
  }

  bool over_bounds() {
    std::size_t resident_bytes = 0;
    const auto family = family_of(pid_);
    std::chrono::nanoseconds waited{0};
    for (const auto& each : family) {
      resident_bytes += each.stat.resident_bytes;
      waited += waited_for_processor(each.pid);
    }
    note_starved(waited);
    outcome_.out_of_memory = resident_bytes > bounds_.memory_bytes;
    outcome_.too_many =
        bounds_.processes > 0 && family.size() > static_cast<std::size_t>(bounds_.processes);
    return outcome_.out_of_memory || outcome_.too_many;
  }

  // Between two looks no more time was lost than went by, however many threads lost it.
  void note_starved(std::chrono::nanoseconds waited) {
    const auto now = Clock::now();
    if (waited > waited_) starved_ += std::min<Clock::duration>(waited - waited_, now - looked_);
    waited_ = waited;
    looked_ = now;
  }

  bool ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == pid_;
  }

  // Until there is output or the child ended; a little while at most.
  void wait_for_output() {
    pollfd waits[] = {{open_ ? fd_ : -1, POLLIN, 0}, {end_.get(), POLLIN, 0}};
    if (poll(waits, 2, end_.get() >= 0 ? 20 : 5) <= 0) return;
    if (waits[0].revents != 0) open_ = drain(fd_, bounds_, watch_, outcome_);
  }

  pid_t pid_;
  int fd_;
  const Bounds& bounds_;
  const Watch& watch_;
  Outcome& outcome_;
  ProcessEnd end_{pid_};
  bool open_ = true;
  int looks_ = 0;
  std::chrono::nanoseconds waited_{0};  // At the last look, by the threads that lived then.
  Clock::time_point looked_ = Clock::now();
  Clock::duration starved_{0};
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

// Bubblewrap passes its child's end on as shells do.
void tell_signal(const Command& command, Outcome& outcome) {
  constexpr int kSignalled = 128;
  if (command.confined_to.empty() || outcome.exit_code <= kSignalled) return;
  outcome.signal = outcome.exit_code - kSignalled;
  outcome.exit_code = -1;
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
  tell_signal(command, outcome);
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
  struct sigaction ignore {};
  struct sigaction before {};
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

int process_of(int pid, const std::filesystem::path& program) {
  for (const auto& each : family_of(pid)) {
    std::error_code none;
    const auto link = "/proc/" + std::to_string(each.pid) + "/exe";
    if (std::filesystem::read_symlink(link, none) == program) return each.pid;
  }
  return 0;
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

}  // namespace lab::verdict
