#include "lab/report/symbolizer_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "lab/report/text.h"

extern char** environ;

namespace lab::report {
namespace {

constexpr std::size_t kOutputMax = 32 << 20;

// A child with its standard output in a pipe, standard input and errors nowhere. -1 when it could
// not be started.
pid_t spawn(const std::vector<std::string>& arguments, int write_end) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? child : -1;
}

// All that comes through `fd`; false at the deadline, or when it is too much.
bool drain(int fd, std::chrono::steady_clock::time_point deadline, std::string& output) {
  std::array<char, 64 << 10> buffer;
  while (output.size() <= kOutputMax) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready{fd, POLLIN, 0};
    const int count = poll(&ready, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    const auto size = read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    output.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return false;
}

}  // namespace

std::filesystem::path find_program(const std::vector<std::string>& names) {
  const char* variable = std::getenv("PATH");
  for (const auto& name : names) {
    std::string_view path = variable ? variable : "/usr/bin:/bin";
    while (!path.empty()) {
      const auto folder = take_until(path, ":");
      if (!folder.starts_with('/')) continue;  // Never what lies about in the current folder.
      const auto program = std::filesystem::path(folder) / name;
      if (access(program.c_str(), X_OK) == 0) return program;
    }
  }
  return {};
}

std::optional<std::string> output_of(const std::vector<std::string>& arguments,
                                     std::chrono::steady_clock::time_point deadline) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const auto child = spawn(arguments, ends[1]);
  close(ends[1]);
  std::string output;
  const bool whole = child > 0 && drain(ends[0], deadline, output);
  close(ends[0]);
  if (child <= 0) return std::nullopt;
  if (!whole) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return output;
}

}  // namespace lab::report
