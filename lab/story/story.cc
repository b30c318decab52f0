#include "lab/story/story.h"

#include <cctype>
#include <nlohmann/json.hpp>

namespace lab::story {
namespace {

using Json = nlohmann::json;

// An array, empty when the field is none.
const Json& list(const Json& json, const char* name) {
  static const Json none = Json::array();
  const auto found = json.find(name);
  return found != json.end() && found->is_array() ? *found : none;
}

Step step(const Json& json) {
  return {.thread = json.value("thread", ""),
          .op = json.value("op", ""),
          .object = json.value("object", ""),
          .file = json.value("file", ""),
          .within = json.value("within", ""),
          .line = json.value("line", 0),
          .blocked = json.value("blocked", false),
          .preempts = json.value("preempts", false)};
}

Lock lock(const Json& json) {
  return {.name = json.value("name", ""),
          .shared = json.value("shared", false),
          .file = json.value("file", ""),
          .line = json.value("line", 0)};
}

Side side(const Json& json) {
  Side side{.thread = json.value("thread", ""),
            .op = json.value("op", ""),
            .object = json.value("object", ""),
            .holder = json.value("holder", ""),
            .holder_has_ended = json.value("holder_has_ended", false),
            .function = json.value("function", ""),
            .file = json.value("file", ""),
            .line = json.value("line", 0),
            .locks = {}};
  for (const auto& held : list(json, "locks")) side.locks.push_back(lock(held));
  return side;
}

}  // namespace

std::optional<Story> read(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  try {
    if (!json.is_object() || json.value("event", "") != "explored") return std::nullopt;
    Story story{.test = json.value("test", ""),
                .verdict = json.value("verdict", ""),
                .kind = json.value("kind", ""),
                .message = json.value("message", ""),
                .token = json.value("token", ""),
                .schedules = json.value("schedules", 0),
                .orders = json.value("orders", 0),
                .bound = json.value("bound", 0),
                .exhausted = json.value("exhausted", false),
                .sampled = json.value("sampled", 0),
                .at_random = json.value("at_random", false),
                .preemptions = json.value("preemptions", 0),
                .seconds = json.value("seconds", 0.0),
                .steps = {},
                .sides = {},
                .json = std::string(text)};
    for (const auto& each : list(json, "steps")) story.steps.push_back(step(each));
    for (const auto& each : list(json, "sides")) story.sides.push_back(side(each));
    return story;
  } catch (const Json::exception&) {
    return std::nullopt;  // A field of another type: not ours.
  }
}

std::string in_words(std::string_view test) {
  const auto name = test.substr(test.find('.') + 1);
  const auto is_upper = [&name](std::size_t i) {
    return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])) != 0;
  };
  // A word begins at a capital, but within an abbreviation ("TTL") only at its last letter.
  const auto begins = [&is_upper, &name](std::size_t i) {
    return is_upper(i) && (!is_upper(i - 1) || (i + 1 < name.size() && !is_upper(i + 1)));
  };
  std::string words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool abbreviated =
        is_upper(i) && ((is_upper(i + 1) && !begins(i + 1)) || (is_upper(i - 1) && !begins(i)));
    const char c = name[i] == '_' || name[i] == '/' ? ' ' : name[i];
    if (i > 0 && begins(i)) words += ' ';
    words += abbreviated ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return words;
}

}  // namespace lab::story
