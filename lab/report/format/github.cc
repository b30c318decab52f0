#include <fmt/format.h>

#include <string>
#include <string_view>

#include "lab/report/format/formats.h"

namespace lab::report {
namespace {

// As the runner unescapes them (actions/toolkit, packages/core/src/command.ts): values of
// properties hide more than the message does.
std::string escape(std::string_view text, bool property) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%') {
      escaped += "%25";
    } else if (c == '\r') {
      escaped += "%0D";
    } else if (c == '\n') {
      escaped += "%0A";
    } else if (property && c == ':') {
      escaped += "%3A";
    } else if (property && c == ',') {
      escaped += "%2C";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

void annotate(std::ostream& out, std::string_view level, const Side& side, const Sources& sources,
              const std::string& title, const std::string& message) {
  std::string properties;
  if (!side.file.empty()) {
    properties += "file=" + escape(sources.path_in_checkout(side.file), true) + ",";
    if (side.line > 0) properties += fmt::format("line={},", side.line);
    if (side.column > 0) properties += fmt::format("col={},", side.column);
  }
  out << "::" << level << " " << properties << "title=" << escape(title, true)
      << "::" << escape(message, false) << "\n";
}

std::string deed(const Side& side, bool locks) {
  auto text = thread_label(side);
  if (!text.empty()) text += " ";
  text += past_tense(side) + " in " + function_label(side);
  const auto place = place_label(side);
  if (!place.empty()) text += " at " + place;
  return locks ? text + " (" + locks_label(side) + ")" : text;
}

}  // namespace

void write_github(std::ostream& out, const std::vector<Report>& reports,
                  const std::vector<Cause>& causes, const Context& context) {
  for (const auto& cause : causes) {
    const auto explanation = explain(reports[cause.shown], cause, context.own, *context.sources);
    const bool locks = tells_locks(reports[cause.shown], cause);
    std::string message;
    for (const auto* side : cause.parties()) {
      message += (message.empty() ? "" : "\n") + deed(*side, locks);
    }
    for (const auto& pattern : explanation.patterns)
      message += "\n" + pattern.title + ": " + pattern.text;
    for (const auto& fix : explanation.fixes) message += "\n- " + fix;
    annotate(out, "error", cause.first, *context.sources, explanation.title, message);
    if (cause.second.given() && !cause.second.file.empty()) {
      annotate(out, "notice", cause.second, *context.sources,
               explanation.title + ", the other side",
               deed(cause.second, locks) + "\nagainst " + deed(cause.first, locks));
    }
  }
}

}  // namespace lab::report
