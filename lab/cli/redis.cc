#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "lab/cli/commands.h"
#include "lab/view/board.h"
#include "lab/view/feed.h"
#include "lab/view/printer.h"

namespace lab::cli {
namespace {

using namespace std::chrono_literals;

struct RedisWishes {
  std::uint16_t listen = 0;
  std::string server;
  std::string replay;
  std::string record;
  std::uint64_t records = 0;
  double seconds = 0;
  double speed = 0;
  bool json = false;
};

std::atomic<bool> interrupted{false};

void catch_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupted = true; });
}

// "HOST:PORT", or "PORT" of this machine; what is wrong with it, or empty.
std::string read_server(const std::string& text, redis::ProxyOptions& options) {
  const auto colon = text.rfind(':');
  const auto port = text.substr(colon == std::string::npos ? 0 : colon + 1);
  if (colon != std::string::npos && colon > 0) options.server_host = text.substr(0, colon);
  const int number =
      !port.empty() && port.find_first_not_of("0123456789") == std::string::npos && port.size() <= 5
          ? std::stoi(port)
          : 0;
  if (number < 1 || number > 65535) return "'" + text + "' is not HOST:PORT";
  options.server_port = static_cast<std::uint16_t>(number);
  return "";
}

view::FeedOptions feed_options(const RedisWishes& wishes, bool is_live) {
  view::FeedOptions options;
  if (is_live) {
    options.proxy.emplace();
    options.proxy->listen_port = wishes.listen;
    if (!wishes.server.empty()) read_server(wishes.server, *options.proxy);
  } else if (wishes.replay.empty()) {
    options.session = redis::recorded_session();
  } else {
    options.session = redis::read_session(std::filesystem::path(wishes.replay));
  }
  options.speed = wishes.speed;
  if (!wishes.record.empty()) options.record_to = wishes.record;
  if (wishes.records > 0) options.records_max = wishes.records;
  return options;
}

void print_totals(const view::Board& board) {
  fmt::print("{:<16} {:>10} {:>8} {:>14} {:>9} {:>9} {:>9}\n", "command", "records", "errors",
             "bytes", "p50 us", "p95 us", "p99 us");
  for (const auto& total : board.totals()) {
    fmt::print("{:<16} {:>10} {:>8} {:>14} {:>9} {:>9} {:>9}\n", total.command, total.count,
               total.errors, total.bytes, total.p50_us, total.p95_us, total.p99_us);
  }
}

// Brings records to whatever shows them until there are no more, or enough; the exit code.
int run(const RedisWishes& wishes, bool is_live) {
  view::Board board;
  std::optional<view::Printer> printer;
  if (wishes.json) printer.emplace(STDOUT_FILENO);
  const redis::OpenCapture show = [&](std::uint32_t) -> redis::Add {
    if (printer) return [&](const redis::Record& record) { printer->add(view::json_line(record)); };
    return [&](const redis::Record& record) { board.add(record); };
  };
  const auto tell = [](const std::string& sentence) {
    fmt::print(stderr, "racelab redis: {}\n", sentence);
  };
  view::Feed feed(feed_options(wishes, is_live), {show}, tell);
  if (is_live) tell(fmt::format("Clients connect to 127.0.0.1:{}. Ctrl-C ends it.", feed.port()));
  const auto began = std::chrono::steady_clock::now();
  const auto is_over = [&] {
    return interrupted || (printer && printer->has_lost_reader()) ||
           (wishes.seconds > 0 && std::chrono::steady_clock::now() - began >=
                                      std::chrono::duration<double>(wishes.seconds));
  };
  while (!is_over() && !feed.wait_for(50ms)) continue;
  feed.stop();
  printer.reset();
  if (!wishes.json) print_totals(board);
  if (!feed.trouble().empty()) tell(feed.trouble());
  if (is_live) tell(fmt::format("{} records.", feed.count()));
  return feed.trouble().empty() ? 0 : 1;
}

}  // namespace

void add_redis(CLI::App& app, int& exit_code) {
  static RedisWishes wishes;
  auto* command =
      app.add_subcommand("redis", "Watch Redis's records: live, or of a recorded session");
  auto* listen = command->add_option("--listen", wishes.listen,
                                     "Be a proxy on this port of 127.0.0.1 (0: any that is free)");
  command->add_option("--server", wishes.server, "The Redis server behind it, HOST:PORT")
      ->needs(listen)
      ->check([](const std::string& text) {
        redis::ProxyOptions ignored;
        return read_server(text, ignored);
      });
  command->add_option("--replay", wishes.replay, "Play this recorded session")
      ->excludes(listen)
      ->check(CLI::ExistingFile);
  command->add_option("--speed", wishes.speed, "Replay at this multiple of the recorded speed")
      ->excludes(listen)
      ->check(CLI::PositiveNumber);
  command->add_option("--record", wishes.record, "Write the records to this file, as a session");
  command->add_option("--records", wishes.records, "End after so many records")
      ->check(CLI::PositiveNumber);
  command->add_option("--seconds", wishes.seconds, "End after so many seconds")
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", wishes.json, "One record a line, as JSON");
  command->callback([listen, &exit_code] {
    catch_signals();
    try {
      exit_code = run(wishes, listen->count() > 0);
    } catch (const std::runtime_error& error) {
      fmt::print(stderr, "racelab redis: {}\n", error.what());
      exit_code = 1;
    }
  });
}

}  // namespace lab::cli
