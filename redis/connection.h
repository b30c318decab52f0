#pragma once

// Of the proxy alone; nothing else includes Asio.
#include <asio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/pairing.h"
#include "redis/proxy.h"

namespace redis {

using Endpoints = std::vector<asio::ip::tcp::endpoint>;

// What every connection of a proxy shares; unchanged once the proxy runs.
struct Wiring {
  Endpoints server;
  std::string server_name;  // "127.0.0.1:6379"
  OpenCapture open;
  Tell tell;
  std::chrono::steady_clock::time_point began;
};

// Tries to connect, for `limit` at most; what went wrong, or empty.
std::string connection_trouble(const Endpoints& server, std::chrono::milliseconds limit);

// One client of the proxy and its connection to the server. One thread does all for it: passes
// bytes on, pairs them, and calls its capture. A side is read only once the other has taken what
// was read before, so that what a slow side holds up is one buffer.
class Connection {
 public:
  Connection(std::uint32_t number, const Wiring& wiring);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Serves the client until one side ends it or stop() is called. The client's socket is of io().
  void run(asio::ip::tcp::socket client);
  // May be called from any thread, and before run().
  void stop();

  asio::io_context& io() { return io_; }
  std::uint32_t number() const { return number_; }
  // After run(): the server ended the connection, or none could be made.
  bool lost_server() const { return lost_server_; }

 private:
  using Socket = asio::ip::tcp::socket;

  struct Direction {
    Socket& from;
    Socket& to;
    bool is_requests;
    std::vector<char> buffer;
    bool ended = false;    // Nothing more comes from `from`.
    bool refused = false;  // Its bytes are malformed.
  };

  void begin();
  void pump(Direction& direction);
  void on_bytes(Direction& direction, std::size_t size);
  void on_written(Direction& direction, const asio::error_code& error);
  void on_end(Direction& direction, const asio::error_code& error);
  void read(Direction& direction, std::string_view bytes, std::int64_t now_us);
  void close_within(std::chrono::milliseconds limit);
  void close();

  const std::uint32_t number_;
  const Wiring& wiring_;
  asio::io_context io_{1};
  Socket client_{io_};
  Socket server_{io_};
  asio::steady_timer timer_{io_};
  std::optional<Pairing> pairing_;
  Direction requests_;
  Direction replies_;
  bool stopped_ = false;
  bool lost_server_ = false;
};

}  // namespace redis
