#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "lab/cli/commands.h"
#include "lab/course/course.h"
#include "lab/paths.h"
#include "lab/verdict/process.h"
#include "lab/view/watch.h"

namespace lab::cli {
namespace {

struct RedisWishes {
  std::uint16_t listen = 0;
  std::string server;
  std::string replay;
  double speed = 0;
  std::string collector;
  std::string record;
  std::uint64_t records = 0;
  double seconds = 0;
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
  const bool is_number = !port.empty() && port.size() <= 5 &&
                         port.find_first_not_of("0123456789") == std::string::npos;
  const int number = is_number ? std::stoi(port) : 0;
  if (number < 1 || number > 65535) return "'" + text + "' is not HOST:PORT";
  options.server_port = static_cast<std::uint16_t>(number);
  return "";
}

// Finds the collector and builds the program that hosts it.
view::Hosted hosted(const std::string& name) {
  const auto variants = course::Course(source_root()).select(name);
  if (variants.size() != 1) {
    throw std::invalid_argument("'" + name + "' names no single collector: say SCENARIO/VARIANT, " +
                                "like 02_map_read_write/racy.");
  }
  const auto& variant = variants.front();
  const auto target = variant.pair() + ".host";
  fmt::print(stderr, "racelab redis: building {} ...\n", target);
  const auto built = verdict::run({{"cmake", "--build", build_root(), "--target", target}},
                                  {.time = std::chrono::minutes(5)});
  if (built.exit_code != 0) {
    throw std::runtime_error(built.output + "\n" + target + " could not be built.");
  }
  return {
      .name = variant.path(), .program = build_root() / "bin" / target, .header = variant.header};
}

view::WatchOptions watch_options(const RedisWishes& wishes, bool is_live) {
  view::WatchOptions options;
  const bool has_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  const bool is_screen = has_terminal && !wishes.json;
  options.show =
      wishes.json ? view::Show::kJson : (is_screen ? view::Show::kScreen : view::Show::kTotals);
  options.seconds_max = wishes.seconds;
  auto& feed = options.feed;
  if (is_live) {
    feed.proxy.emplace();
    feed.proxy->listen_port = wishes.listen;
    if (!wishes.server.empty()) read_server(wishes.server, *feed.proxy);
    options.source = fmt::format("{}:{}", feed.proxy->server_host, feed.proxy->server_port);
  } else if (wishes.replay.empty()) {
    feed.session = redis::recorded_session();
    options.source = "the recorded session";
  } else {
    feed.session = redis::read_session(std::filesystem::path(wishes.replay));
    options.source = wishes.replay;
  }
  // On a screen a session is to be seen; elsewhere it is to be had.
  feed.speed = wishes.speed > 0 ? wishes.speed : (is_screen ? 1 : 0);
  if (!wishes.record.empty()) feed.record_to = wishes.record;
  if (wishes.records > 0) feed.records_max = wishes.records;
  if (!wishes.collector.empty()) options.hosted = hosted(wishes.collector);
  return options;
}

int run(const RedisWishes& wishes, bool is_live) {
  try {
    return view::watch(watch_options(wishes, is_live), interrupted);
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "racelab redis: {}\n", error.what());
    return kUsage;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "racelab redis: {}\n", error.what());
    return 1;
  }
}

}  // namespace

void add_redis(CLI::App& app, int& exit_code) {
  static RedisWishes wishes;
  auto* command = app.add_subcommand(
      "redis", "Watch Redis's records: of live connections, or of a recorded session");
  auto* listen = command->add_option("--listen", wishes.listen,
                                     "Be a proxy on this port of 127.0.0.1 (0: any that is free)");
  command
      ->add_option("--server", wishes.server,
                   "The Redis server behind it, HOST:PORT (127.0.0.1:6379)")
      ->needs(listen)
      ->check([](const std::string& text) {
        redis::ProxyOptions ignored;
        return read_server(text, ignored);
      });
  command
      ->add_option("--replay", wishes.replay, "Play this recorded session, not the one that ships")
      ->excludes(listen)
      ->check(CLI::ExistingFile);
  command->add_option("--speed", wishes.speed, "Replay at this multiple of the recorded speed")
      ->excludes(listen)
      ->check(CLI::Range(0.001, 1000.0));
  command->add_option("--collector", wishes.collector,
                      "The collector behind the view, SCENARIO/VARIANT, under ThreadSanitizer");
  command->add_option("--record", wishes.record, "Write the records to this file, as a session");
  command->add_option("--records", wishes.records, "End after so many records")
      ->check(CLI::PositiveNumber);
  command->add_option("--seconds", wishes.seconds, "End after so many seconds")
      ->check(CLI::Range(0.001, 1e9));
  command->add_flag("--json", wishes.json, "One record a line, as JSON");
  command->callback([listen, &exit_code] {
    catch_signals();
    exit_code = run(wishes, listen->count() > 0);
  });
}

}  // namespace lab::cli
