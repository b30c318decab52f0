#include "lab/verdict/events.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace lab::verdict {

using nlohmann::json;

namespace {

Events::Usage usage_of(const json& event) {
  const auto found = event.find("strategy");
  if (found == event.end()) return {};
  const auto count = [&found](const char* name) { return found->value(name, 0); };
  return {.mutexes = count("mutexes"),
          .rwlocks = count("rwlocks"),
          .atomics = count("atomics"),
          .once = count("once"),
          .locks_at_one_place = count("locks_at_one_place"),
          .read_locks = count("read_locks"),
          .guards = count("guards"),
          .owner_threads = count("owner_threads"),
          .owner_waits = count("owner_waits") != 0,
          .asked = count("asked") != 0};
}

}  // namespace

const Events& EventReader::read() {
  std::ifstream in(file_, std::ios::binary);
  in.seekg(offset_);
  for (std::string line; std::getline(in, line) && !in.eof();) {
    offset_ += static_cast<std::streamoff>(line.size()) + 1;
    take(line);
  }
  return events_;
}

void EventReader::take(const std::string& line) {
  const auto event = json::parse(line, nullptr, false);
  if (!event.is_object()) return;
  try {
    const auto what = event.value("event", "");
    if (what == "begin") {
      events_.begun = true;
      events_.tests_announced = event.value("tests", 0);
      events_.instrumented = event.value("instrumented", false);
    } else if (what == "test") {
      events_.tests.push_back({.name = event.value("name", ""),
                               .rounds = event.value("rounds", 0),
                               .failed = event.value("failed", false)});
    } else if (what == "failure") {
      events_.failures.push_back({.test = event.value("test", ""),
                                  .file = event.value("file", ""),
                                  .line = event.value("line", 0),
                                  .message = event.value("message", "")});
    } else if (what == "explored") {
      events_.explored.push_back({.test = event.value("test", ""),
                                  .verdict = event.value("verdict", ""),
                                  .kind = event.value("kind", ""),
                                  .message = event.value("message", ""),
                                  .token = event.value("token", ""),
                                  .schedules = event.value("schedules", 0),
                                  .bound = event.value("bound", 0),
                                  .exhausted = event.value("exhausted", false),
                                  .usage = usage_of(event),
                                  .json = line});
    } else if (what == "stuck") {
      events_.stuck_test = event.value("test", "");
      events_.stuck_seconds = event.value("seconds", 0);
    } else if (what == "end") {
      events_.ended = true;
    }
  } catch (const json::exception&) {
    // A field of another type: not ours.
  }
}

}  // namespace lab::verdict
