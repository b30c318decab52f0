#include "lab/workshop/lanes.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "lab/workshop/screen.h"

namespace lab::workshop {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kStepsMax = 400;
constexpr int kMargin = 2;

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? harmless(found->get<std::string>()) : "";
}

// "31: lock mutex_", or without a line of the user's own what was done alone.
std::string told(const Json& step) {
  const auto line = step.value("line", 0);
  const auto object = text_of(step, "object");
  auto text = text_of(step, "op") + (object.empty() ? "" : " " + object);
  return line > 0 ? fmt::format("{:>3}: {}", line, text) : "     " + text;
}

// Steps that help nobody: what a thread does between its operations, and the library's own.
bool is_noise(const Json& step) {
  const auto op = text_of(step, "op");
  return op == "start" || op == "exit" || op == "create" || op == "join" ||
         step.value("line", 0) == 0;
}

std::vector<std::string> threads_of(const Json& steps, const Json& sides) {
  std::vector<std::string> threads;
  const auto note = [&threads](const Json& of) {
    const auto thread = text_of(of, "thread");
    if (!thread.empty() && std::find(threads.begin(), threads.end(), thread) == threads.end()) {
      threads.push_back(thread);
    }
  };
  for (const auto& step : steps) {
    if (!is_noise(step)) note(step);
  }
  for (const auto& side : sides) note(side);
  std::sort(threads.begin(), threads.end());
  return threads;
}

std::string in_lane(std::size_t lane, const std::string& text, std::size_t lanes, int width) {
  const int column =
      std::max(12, (width - kMargin) / static_cast<int>(std::max<std::size_t>(lanes, 1)));
  return std::string(static_cast<std::size_t>(kMargin + column * static_cast<int>(lane)), ' ') +
         cut(text, column - 2);
}

}  // namespace

std::vector<std::string> lanes_of(const std::string& story, int width) {
  const auto json = Json::parse(story, nullptr, false);
  if (!json.is_object()) return {};
  const auto steps = json.value("steps", Json::array());
  const auto sides = json.value("sides", Json::array());
  const auto threads = threads_of(steps, sides);
  if (threads.empty()) return {};
  const auto lane_of = [&](const Json& of) {
    return static_cast<std::size_t>(
        std::find(threads.begin(), threads.end(), text_of(of, "thread")) - threads.begin());
  };
  std::vector<std::string> lines = {text_of(json, "test"), text_of(json, "message"), ""};
  std::string heads;
  for (std::size_t lane = 0; lane < threads.size(); ++lane) {
    const auto head = in_lane(lane, threads[lane], threads.size(), width);
    heads += head.size() > heads.size() ? head.substr(heads.size()) : "  " + threads[lane];
  }
  lines.push_back(heads);
  for (std::size_t i = 0; i < std::min(steps.size(), kStepsMax); ++i) {
    if (is_noise(steps[i])) continue;
    lines.push_back(in_lane(lane_of(steps[i]), told(steps[i]), threads.size(), width));
  }
  if (steps.size() > kStepsMax) lines.push_back("  ...");
  for (const auto& side : sides) {
    auto text = told(side);
    if (const auto holder = text_of(side, "holder"); !holder.empty()) text += ", held by " + holder;
    lines.push_back(in_lane(lane_of(side), "> " + text, threads.size(), width));
  }
  return lines;
}

}  // namespace lab::workshop
