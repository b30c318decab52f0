#include "redis/connection.h"

#include <exception>
#include <utility>

namespace redis {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBufferBytes = 32 * 1024;
constexpr milliseconds kConnectLimit{5000};
// What is left to say has this long once one side is done: the server's last words to the client.
constexpr milliseconds kLingerLimit{1000};

}  // namespace

std::string connection_trouble(const Endpoints& server, milliseconds limit) {
  asio::io_context io(1);
  asio::ip::tcp::socket socket(io);
  std::string trouble = "no answer within " + std::to_string(limit.count()) + " ms";
  asio::async_connect(socket, server, [&](const asio::error_code& error, const auto&) {
    trouble = error ? error.message() : "";
  });
  io.run_for(limit);
  return trouble;
}

Connection::Connection(std::uint32_t number, const Wiring& wiring)
    : number_(number),
      wiring_(wiring),
      requests_{client_, server_, true, std::vector<char>(kBufferBytes)},
      replies_{server_, client_, false, std::vector<char>(kBufferBytes)} {}

void Connection::run(Socket client) {
  client_ = std::move(client);
  pairing_.emplace(number_, wiring_.open(number_));
  close_within(kConnectLimit);
  asio::async_connect(server_, wiring_.server, [this](const asio::error_code& error, const auto&) {
    timer_.cancel();
    if (!error && server_.is_open()) return begin();
    lost_server_ = !stopped_;
    close();
  });
  io_.run();
  pairing_.reset();
}

void Connection::stop() {
  asio::post(io_, [this] {
    stopped_ = true;
    close();
  });
}

void Connection::begin() {
  asio::error_code ignored;
  client_.set_option(asio::ip::tcp::no_delay(true), ignored);
  server_.set_option(asio::ip::tcp::no_delay(true), ignored);
  pump(requests_);
  pump(replies_);
}

void Connection::pump(Direction& direction) {
  direction.from.async_read_some(asio::buffer(direction.buffer),
                                 [&](const asio::error_code& error, std::size_t size) {
                                   error ? on_end(direction, error) : on_bytes(direction, size);
                                 });
}

void Connection::on_bytes(Direction& direction, std::size_t size) {
  const auto now = std::chrono::steady_clock::now() - wiring_.began;
  // The write begins at once, so that nobody waits for the pairing.
  asio::async_write(
      direction.to, asio::buffer(direction.buffer, size),
      [&](const asio::error_code& error, std::size_t) { on_written(direction, error); });
  if (!direction.refused) {
    read(direction, std::string_view(direction.buffer.data(), size),
         std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  }
}

void Connection::read(Direction& direction, std::string_view bytes, std::int64_t now_us) {
  try {
    if (direction.is_requests) {
      pairing_->read_requests(bytes, now_us);
    } else {
      pairing_->read_replies(bytes, now_us);
    }
  } catch (const std::exception& error) {
    direction.refused = true;
    wiring_.tell("Connection " + std::to_string(number_) + " is closed: the " +
                 (direction.is_requests ? "client" : "server") +
                 " sent what cannot be read: " + error.what() + ".");
  }
}

void Connection::on_written(Direction& direction, const asio::error_code& error) {
  if (!client_.is_open()) return;
  if (!error && !direction.refused) return pump(direction);
  // A malformed request gets Redis's own answer; a server that takes no more may still be heard.
  if (direction.is_requests) return close_within(kLingerLimit);
  close();
}

void Connection::on_end(Direction& direction, const asio::error_code& error) {
  if (!client_.is_open()) return;
  direction.ended = true;
  if (!direction.is_requests && !requests_.ended && !requests_.refused) lost_server_ = true;
  if (error != asio::error::eof || (requests_.ended && replies_.ended)) return close();
  asio::error_code ignored;
  direction.to.shutdown(Socket::shutdown_send, ignored);
  // Closed at once, a socket with unread bytes would take back from the client what it was sent.
  if (!direction.is_requests) close_within(kLingerLimit);
}

void Connection::close_within(milliseconds limit) {
  timer_.expires_after(limit);
  timer_.async_wait([this](const asio::error_code& error) {
    if (!error) close();
  });
}

void Connection::close() {
  asio::error_code ignored;
  client_.close(ignored);
  server_.close(ignored);
  timer_.cancel();
}

}  // namespace redis
