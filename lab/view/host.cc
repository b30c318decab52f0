#include "lab/view/host.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include "lab/view/host/wire.h"

namespace lab::view {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr auto kTakeLimit = 5s;
constexpr auto kAnswerLimit = 3s;
constexpr auto kEndLimit = 10s;
// However fast records come, queries come among them.
constexpr unsigned kRecordsToQuery = 64;
constexpr std::size_t kReportsMax = 64;
constexpr long kMemoryMaxMiB = 4096;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno) + ".");
}

std::array<int, 2> connected(int domain, int type) {
  std::array<int, 2> ends{};
  const int result = domain == 0 ? ::pipe2(ends.data(), O_CLOEXEC)
                                 : ::socketpair(domain, type | SOCK_CLOEXEC, 0, ends.data());
  if (result != 0) fail("The collector's process cannot be reached");
  return ends;
}

// In the child, between fork and exec: plain system calls alone.
[[noreturn]] void become(const char* program, int control, int queries, int output) {
  ::setpgid(0, 0);  // Ctrl-C is for the view, which then ends the host.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::personality(ADDR_NO_RANDOMIZE);  // Old runtimes of ThreadSanitizer need it on new kernels.
  const int high_control = ::fcntl(control, F_DUPFD, 10);
  const int high_queries = ::fcntl(queries, F_DUPFD, 10);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::dup2(high_control, wire::kControl);
  ::dup2(high_queries, wire::kQueries);
  ::close(high_control);
  ::close(high_queries);
  ::execl(program, program, nullptr);
  ::_exit(127);
}

long resident_mib(int process) {
  const auto name = "/proc/" + std::to_string(process) + "/statm";
  long total = 0;
  long resident = 0;
  if (FILE* file = std::fopen(name.c_str(), "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * (::sysconf(_SC_PAGESIZE) / 1024) / 1024;
}

}  // namespace

Host::Host(const std::filesystem::path& program, const std::filesystem::path& header,
           OnCause on_cause)
    : own_{.paths = {header.string()}},
      on_cause_(std::move(on_cause)),
      reader_([this](report::Report report) { take_report(std::move(report)); }) {
  start(program);
  watcher_ = std::thread([this] { watch(); });
}

Host::~Host() { end(); }

void Host::start(const std::filesystem::path& program) {
  if (::access(program.c_str(), X_OK) != 0) fail(program.string() + " cannot be run");
  const auto control = connected(AF_UNIX, SOCK_SEQPACKET);
  const auto queries = connected(AF_UNIX, SOCK_SEQPACKET);
  const auto output = connected(0, 0);
  process_ = ::fork();
  if (process_ < 0) fail(program.string() + " cannot be run");
  if (process_ == 0) become(program.c_str(), control[1], queries[1], output[1]);
  for (const int theirs : {control[1], queries[1], output[1]}) ::close(theirs);
  control_ = control[0];
  queries_ = queries[0];
  output_ = output[0];
}

void Host::end() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_ending_, true)) return;
    kill_at_ = Clock::now() + kEndLimit;
    takes_records_ = false;
  }
  ::shutdown(control_, SHUT_RDWR);
  watcher_.join();
  for (const int ours : {control_, queries_, output_}) ::close(ours);
}

redis::OpenCapture Host::captures() {
  return [this](std::uint32_t) -> redis::Add {
    const std::shared_ptr<const int> pipe(new int(open_pipe()), [](const int* end) {
      ::close(*end);
      delete end;
    });
    return [this, pipe, bytes = std::string(), count = 0U](const redis::Record& record) mutable {
      bytes.clear();
      wire::append(bytes, record);
      write_record(*pipe, bytes);
      if (count++ % kRecordsToQuery == 0) ask(record.key);
    };
  };
}

// A pipe whose other end goes to a new capture thread of the host.
int Host::open_pipe() {
  const auto ends = connected(0, 0);
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), ends.data(), sizeof(int));
  // A host that lets no connection in takes no records either: its pipe has no other end.
  pollfd writable{control_, POLLOUT, 0};
  ::poll(&writable, 1, static_cast<int>(std::chrono::milliseconds(kTakeLimit).count()));
  ::sendmsg(control_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  ::close(ends[0]);
  return ends[1];
}

void Host::write_record(int pipe, const std::string& bytes) {
  for (const auto until = Clock::now() + kTakeLimit;;) {
    if (::write(pipe, bytes.data(), bytes.size()) >= 0 || errno != EAGAIN) return;
    {
      const std::lock_guard lock(mutex_);
      if (takes_records_ && Clock::now() > until) {
        takes_records_ = false;
        state_.trouble = "The collector takes no more records: add() hangs.";
      }
      if (!takes_records_) return;
    }
    pollfd writable{pipe, POLLOUT, 0};
    ::poll(&writable, 1, static_cast<int>(std::chrono::milliseconds(kLook).count()));
  }
}

void Host::ask(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (is_asked_ || is_ending_) return;
  const auto text = "?" + key.substr(0, wire::kTextMax - 1);
  if (::send(queries_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) <= 0) return;
  is_asked_ = true;
  asked_at_ = Clock::now();
}

HostState Host::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

// Until the host has closed its output, which it does by ending.
void Host::watch() {
  do {
    std::array<pollfd, 2> readable{{{output_, POLLIN, 0}, {queries_, POLLIN, 0}}};
    const int timeout = static_cast<int>(std::chrono::milliseconds(kLook).count());
    ::poll(readable.data(), readable.size(), timeout);
    if (readable[1].revents & POLLIN) read_answer();
    look_after();
    if (readable[0].revents && !read_output()) break;
  } while (true);
  reader_.finish();
  int status = 0;
  ::waitpid(process_, &status, 0);
  conclude(status);
}

bool Host::read_output() {
  std::array<char, 65536> buffer;
  const auto size = ::read(output_, buffer.data(), buffer.size());
  if (size <= 0) return size < 0 && errno == EINTR;
  reader_.feed(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
  return true;
}

void Host::read_answer() {
  std::array<char, wire::kTextMax> buffer;
  const auto size = ::recv(queries_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size <= 0) return;
  const std::lock_guard lock(mutex_);
  state_.answer.assign(buffer.data(), static_cast<std::size_t>(size));
  ++state_.answers;
  is_asked_ = false;
  if (takes_records_) state_.trouble.clear();
}

// Sees to it that the host neither hangs unnoticed nor eats the machine's memory.
void Host::look_after() {
  const std::lock_guard lock(mutex_);
  if (takes_records_ && is_asked_ && Clock::now() > asked_at_ + kAnswerLimit) {
    state_.trouble = "The collector does not answer: its query hangs.";
  }
  if (resident_mib(process_) > kMemoryMaxMiB) {
    state_.trouble = "The collector used more than 4 GiB of memory and was ended.";
    takes_records_ = false;
    ::kill(process_, SIGKILL);
  }
  if (is_ending_ && Clock::now() > kill_at_) ::kill(process_, SIGKILL);
}

void Host::take_report(report::Report report) {
  if (reports_.size() == kReportsMax) return;
  reports_.push_back(std::move(report));
  auto causes = report::find_causes(reports_, own_);
  std::vector<report::Cause> more;
  {
    const std::lock_guard lock(mutex_);
    for (auto i = state_.causes.size(); i < causes.size(); ++i) more.push_back(causes[i]);
    state_.causes = std::move(causes);
    state_.reports = reports_.size();
  }
  for (const auto& cause : more) on_cause_(cause);
}

void Host::conclude(int status) {
  const std::lock_guard lock(mutex_);
  takes_records_ = false;
  const bool is_killed = WIFSIGNALED(status);
  const bool hangs = is_ending_ && (is_killed || WEXITSTATUS(status) == wire::kHangs);
  auto& trouble = state_.trouble;
  for (const auto& report : reports_) {
    if (report.fatal) trouble = "The collector crashed: " + report.kind + ".";
  }
  if (!trouble.empty()) return;
  if (hangs) {
    trouble = "The collector hangs: its threads did not end when there were no more records.";
  } else if (is_killed) {
    trouble = std::string("The collector crashed: ") + ::strsignal(WTERMSIG(status)) + ".";
  } else if (!is_ending_) {
    trouble = "The collector's process ended by itself, with exit status " +
              std::to_string(WEXITSTATUS(status)) + ".";
  }
}

}  // namespace lab::view
