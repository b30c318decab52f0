#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace redis::test {

// The ends of connections that the tests of the proxy are made of. All on 127.0.0.1, every wait
// bounded by a few seconds; what fails throws std::runtime_error.

// A connected socket, read and written plainly.
class Stream {
 public:
  explicit Stream(int descriptor);
  static Stream connect(std::uint16_t port);
  Stream(Stream&& other) noexcept;
  ~Stream();

  void write(const std::string& bytes);
  // Writes until nobody has taken anything for half a second; how much was taken.
  std::size_t write_until_held_up(const std::string& bytes);
  void finish_writing();
  void close();

  std::string read(std::size_t size);  // Exactly that many bytes.
  std::string read_to_end();           // Up to the other side's end or reset.
  std::string ask(const std::string& request, std::size_t reply_size);

 private:
  int descriptor_;
};

// A server that the test itself plays.
class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Stream accept();
  void close();
  std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_;
};

// A real redis-server on a free port, with a folder of its own; gone with this object, or with
// the test program.
class RedisServer {
 public:
  RedisServer();
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  void kill();
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_;
  std::filesystem::path folder_;
  int process_;
};

// Runs a program to its end, at most a minute, and gives what it wrote to its output.
std::string output_of(const std::string& command);

}  // namespace redis::test
