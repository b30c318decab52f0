#include "redis/proxy.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "redis/connection.h"

namespace redis {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr milliseconds kProbeLimit{2000};
constexpr milliseconds kAcceptAgain{100};
// A server that goes down closes its connections a moment before or after it stops listening.
constexpr int kProbes = 3;
constexpr milliseconds kProbeAgain{100};

struct Running {
  std::shared_ptr<Connection> connection;
  std::atomic<bool> is_done{false};
  std::thread thread;
};

Endpoints resolved(const ProxyOptions& options, const std::string& name) {
  asio::io_context io;
  asio::error_code error;
  const auto found =
      tcp::resolver(io).resolve(options.server_host, std::to_string(options.server_port), error);
  if (error)
    throw std::runtime_error("The server's name " + name + " means nothing: " + error.message() +
                             ".");
  return {found.begin(), found.end()};
}

tcp::acceptor listening(asio::io_context& io, std::uint16_t port) {
  try {
    return {io, tcp::endpoint(asio::ip::address_v4::loopback(), port)};
  } catch (const asio::system_error& error) {
    throw std::runtime_error("Port " + std::to_string(port) +
                             " of 127.0.0.1 cannot be listened on: " + error.code().message() +
                             ".");
  }
}

}  // namespace

struct Proxy::Core {
  Core(const ProxyOptions& given, OpenCapture open, Tell tell)
      : connections_max(given.connections_max),
        wiring{.server = {},
               .server_name = given.server_host + ":" + std::to_string(given.server_port),
               .open = std::move(open),
               .tell = std::move(tell),
               .began = std::chrono::steady_clock::now()},
        acceptor(listening(io, given.listen_port)),
        port(acceptor.local_endpoint().port()) {
    wiring.server = resolved(given, wiring.server_name);
    const auto trouble = connection_trouble(wiring.server, kProbeLimit);
    if (!trouble.empty()) {
      throw std::runtime_error("The server at " + wiring.server_name + " cannot be reached: " +
                               trouble + ". Is redis-server running there?");
    }
    accept();
    accepting = std::thread([this] { io.run(); });
  }

  ~Core() {
    end("");
    accepting.join();
    for (auto& running : connections) running.thread.join();
  }

  void accept() {
    auto next = std::make_shared<Connection>(accepted + 1, wiring);
    acceptor.async_accept(next->io(),
                          [this, next](const asio::error_code& error, tcp::socket socket) {
                            reap();
                            if (error == asio::error::operation_aborted || !acceptor.is_open())
                              return;
                            if (error) return accept_later(error);
                            serve(next, std::move(socket));
                            accept();
                          });
  }

  void accept_later(const asio::error_code& error) {
    wiring.tell("A client could not be let in: " + error.message() + ".");
    timer.expires_after(kAcceptAgain);
    timer.async_wait([this](const asio::error_code& cancelled) {
      if (!cancelled) accept();
    });
  }

  void serve(const std::shared_ptr<Connection>& connection, tcp::socket client) {
    const std::lock_guard lock(mutex);
    if (has_ended) return;
    if (connections.size() >= connections_max) {
      asio::error_code ignored;
      asio::write(client, asio::buffer(std::string("-ERR max number of clients reached\r\n")),
                  ignored);
      return;
    }
    ++accepted;
    auto& running = connections.emplace_back();
    running.connection = connection;
    try {
      running.thread = std::thread([this, &running, socket = std::move(client)]() mutable {
        run(*running.connection, std::move(socket));
        running.is_done = true;
      });
    } catch (const std::system_error& error) {
      connections.pop_back();
      wiring.tell(std::string("A client could not be let in: ") + error.what() + ".");
    }
  }

  void run(Connection& connection, tcp::socket client) {
    try {
      connection.run(std::move(client));
    } catch (const std::exception& error) {
      wiring.tell("Connection " + std::to_string(connection.number()) +
                  " is closed: " + error.what() + ".");
    }
    if (connection.lost_server()) look_for_server();
  }

  // The server closes connections for reasons of its own, too; only its absence ends the proxy.
  void look_for_server() {
    for (int probe = 0; probe < kProbes; ++probe) {
      const auto trouble = connection_trouble(wiring.server, kProbeLimit);
      if (!trouble.empty())
        return end("The server at " + wiring.server_name + " has gone: " + trouble + ".");
      std::unique_lock lock(mutex);
      if (ended.wait_for(lock, kProbeAgain, [this] { return has_ended; })) return;
    }
  }

  void reap() {
    std::list<Running> done;
    {
      const std::lock_guard lock(mutex);
      for (auto it = connections.begin(); it != connections.end();) {
        const auto next = std::next(it);
        if (it->is_done) done.splice(done.end(), connections, it);
        it = next;
      }
    }
    for (auto& running : done) running.thread.join();
  }

  void end(const std::string& why) {
    const std::lock_guard lock(mutex);
    if (std::exchange(has_ended, true)) return;
    trouble = why;
    for (auto& running : connections) running.connection->stop();
    asio::post(io, [this] {
      acceptor.close();
      timer.cancel();
    });
    ended.notify_all();
  }

  const std::size_t connections_max;
  Wiring wiring;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  const std::uint16_t port;
  asio::steady_timer timer{io};
  std::uint32_t accepted = 0;  // Of the accepting thread.
  std::thread accepting;

  std::mutex mutex;  // Guards what follows.
  std::condition_variable ended;
  std::list<Running> connections;
  bool has_ended = false;
  std::string trouble;
};

Proxy::Proxy(const ProxyOptions& options, OpenCapture open, Tell tell)
    : core_(std::make_unique<Core>(options, std::move(open), std::move(tell))) {}

Proxy::~Proxy() = default;

void Proxy::stop() { core_->end(""); }

bool Proxy::wait_for(milliseconds limit) {
  std::unique_lock lock(core_->mutex);
  return core_->ended.wait_for(lock, limit, [this] { return core_->has_ended; });
}

std::uint16_t Proxy::port() const { return core_->port; }

std::string Proxy::trouble() const {
  const std::lock_guard lock(core_->mutex);
  return core_->trouble;
}

}  // namespace redis
