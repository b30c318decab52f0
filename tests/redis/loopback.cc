#include "tests/redis/loopback.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace redis::test {
namespace {

constexpr int kLimitSeconds = 10;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail("socket");
  return descriptor;
}

int listening_socket(std::uint16_t port) {
  const int descriptor = new_socket();
  const auto address = loopback(port);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(descriptor, 16) != 0) {
    fail("listen");
  }
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("name");
  return ntohs(address.sin_port);
}

// Until the server says that it is ready, or says nothing for too long.
void wait_until_ready(int output) {
  std::string said;
  std::array<char, 4096> buffer{};
  while (said.find("Ready to accept connections") == std::string::npos) {
    pollfd readable{output, POLLIN, 0};
    if (::poll(&readable, 1, kLimitSeconds * 1000) != 1) fail("redis-server is not ready: " + said);
    const auto size = ::read(output, buffer.data(), buffer.size());
    if (size <= 0) fail("redis-server ended: " + said);
    said.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "racelab-redis-XXXXXX").string();
  if (!::mkdtemp(name.data())) fail("mkdtemp");
  return name;
}

}  // namespace

Stream::Stream(int descriptor) : descriptor_(descriptor) {
  const timeval limit{kLimitSeconds, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Stream Stream::connect(std::uint16_t port) {
  const int descriptor = new_socket();
  const auto address = loopback(port);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  return Stream(descriptor);
}

Stream::Stream(Stream&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Stream::~Stream() { close(); }

void Stream::write(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto size = ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) fail("send");
    sent += static_cast<std::size_t>(size);
  }
}

std::size_t Stream::write_until_held_up(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    pollfd writable{descriptor_, POLLOUT, 0};
    if (::poll(&writable, 1, 500) != 1) return sent;
    const auto size =
        ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size <= 0) fail("send");
    sent += static_cast<std::size_t>(size);
  }
  return bytes.size();
}

void Stream::finish_writing() { ::shutdown(descriptor_, SHUT_WR); }

void Stream::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::string Stream::read(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t got = 0; got < size;) {
    const auto more = ::recv(descriptor_, bytes.data() + got, size - got, 0);
    if (more <= 0) fail("read " + bytes.substr(0, got) + ", then");
    got += static_cast<std::size_t>(more);
  }
  return bytes;
}

std::string Stream::read_to_end() {
  std::string bytes;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto more = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (more == 0 || (more < 0 && errno == ECONNRESET)) return bytes;
    if (more < 0) fail("read " + bytes + ", then");
    bytes.append(buffer.data(), static_cast<std::size_t>(more));
  }
}

std::string Stream::ask(const std::string& request, std::size_t reply_size) {
  write(request);
  return read(reply_size);
}

Listener::Listener() : descriptor_(listening_socket(0)), port_(port_of(descriptor_)) {}

Listener::~Listener() { close(); }

Stream Listener::accept() {
  pollfd readable{descriptor_, POLLIN, 0};
  if (::poll(&readable, 1, kLimitSeconds * 1000) != 1) fail("nobody connects");
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor < 0) fail("accept");
  return Stream(descriptor);
}

void Listener::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

RedisServer::RedisServer() : folder_(new_folder()) {
  const int probe = listening_socket(0);
  port_ = port_of(probe);
  ::close(probe);
  std::array<int, 2> output{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0) fail("pipe");
  const auto port = std::to_string(port_);
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output[1], STDOUT_FILENO);
    ::execlp("redis-server", "redis-server", "--port", port.c_str(), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", folder_.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(output[1]);
  wait_until_ready(output[0]);
  ::close(output[0]);
}

RedisServer::~RedisServer() {
  kill();
  std::filesystem::remove_all(folder_);
}

void RedisServer::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(std::exchange(process_, -1), nullptr, 0);
}

std::string output_of(const std::string& command) {
  const std::string bounded = "timeout 60 " + command + " 2>&1";
  FILE* pipe = ::popen(bounded.c_str(), "r");
  if (!pipe) fail(command);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), size);
  }
  const int status = ::pclose(pipe);
  if (status != 0) throw std::runtime_error(command + " failed: " + output);
  return output;
}

}  // namespace redis::test
