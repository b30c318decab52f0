#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "redis/capture.h"

namespace redis {

// Takes a sentence for whoever runs the proxy. Called from any of its threads.
using Tell = std::function<void(const std::string& sentence)>;

struct ProxyOptions {
  std::uint16_t listen_port = 0;  // On 127.0.0.1. 0 means any that is free.
  std::string server_host = "127.0.0.1";
  std::uint16_t server_port = 6379;
  std::size_t connections_max = 1000;  // A client beyond these is told so and closed.
};

// Stands between clients and a Redis server: passes bytes on unchanged, both ways, and captures
// records on the way. Each connection has a thread of its own and 64 KiB of buffers; what a slow
// side has not taken holds up the other, as without a proxy. Malformed bytes end their connection.
class Proxy {
 public:
  // Listens from now on. Throws std::runtime_error, with a sentence, when the port cannot be
  // listened on or the server cannot be reached.
  Proxy(const ProxyOptions& options, OpenCapture open, Tell tell);
  // Stops and waits for every connection's thread.
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Ends all connections. May be called from any thread, also a capture's; returns at once.
  void stop();
  // Waits until the proxy has stopped or the time is over; true when it has stopped. Any thread.
  bool wait_for(std::chrono::milliseconds limit);

  std::uint16_t port() const;
  // Why it stopped by itself, in a sentence: the server has gone. Empty otherwise.
  std::string trouble() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace redis
