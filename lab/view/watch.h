#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "lab/view/feed.h"

namespace lab::view {

// A collector to put behind the view, in a process of its own.
struct Hosted {
  std::string name;               // "02_map_read_write/racy"
  std::filesystem::path program;  // The pair's host.
  std::filesystem::path header;   // The collector's source.
};

enum class Show { kScreen, kJson, kTotals };

struct WatchOptions {
  FeedOptions feed;
  std::string source;  // Where the records come from: a session's name, the server's address.
  std::optional<Hosted> hosted;
  Show show = Show::kTotals;
  double seconds_max = 0;  // 0 without end.
};

// Shows records until there are no more, enough, or `interrupted`: on the screen until its user
// quits; as JSON, one a line; or their totals at the end. Sentences go to standard error. Gives the
// exit code: 0, or 1 after trouble. Throws std::runtime_error, with a sentence, when it cannot
// begin. SIGPIPE must be ignored.
int watch(const WatchOptions& options, const std::atomic<bool>& interrupted);

}  // namespace lab::view
