#include "lab/cli/told.h"

#include <fmt/core.h>

#include "lab/cli/show_story.h"
#include "lab/story/story.h"
#include "lab/verdict/stacks.h"
#include "lab/workshop/screen.h"

namespace lab::cli {
namespace {

using verdict::Judgement;
using verdict::Verdict;

constexpr std::size_t kFailuresMax = 5;

void print_lines(const std::string& text) { fmt::print("{}\n", workshop::harmless(text)); }

std::string reason_of(const Judgement& judgement) {
  return workshop::harmless(judgement.reason) + ".";
}

void tell_failures(const Judgement& judgement, const Look& look) {
  for (std::size_t i = 0; i < std::min(judgement.failures.size(), kFailuresMax); ++i) {
    show_failure(judgement.failures[i], look);
    fmt::print("\n");
  }
}

// What hung, crashed or came out wrong, where no report tells it.
void tell_what_happened(const Judgement& judgement, const Look& look) {
  fmt::print("{}\n\n", reason_of(judgement));
  if (const auto found = explored_finding(judgement)) {
    for (const auto& line :
         story::finding(*found, {.columns = look.width, .colour = look.colour})) {
      fmt::print("{}\n", line);
    }
    fmt::print("\ni shows the interleaving that leads there, step by step.\n");
    return;
  }
  tell_failures(judgement, look);
  show_stands(judgement, look);
  if (!judgement.stacks.empty()) {
    fmt::print("Every thread's stack, innermost first:\n\n");
    print_lines(verdict::readable(judgement.stacks));
  } else if (judgement.verdict == Verdict::kWrongResult) {
    fmt::print("i shows an interleaving that leads there, where one is found.\n");
  } else {
    fmt::print("Nothing more is known of it. w has what the program wrote.\n");
  }
}

}  // namespace

void tell_explained(const Judgement& judgement, const std::string& compiler, const Look& look) {
  switch (judgement.verdict) {
    case Verdict::kPass:
      fmt::print(
          "Nothing was found, so there is nothing to explain. d shows what you changed, s "
          "the fixes and what each costs.\n");
      break;
    case Verdict::kCompileError:
      fmt::print("It did not compile, so nothing ran. All that the compiler said:\n\n");
      print_lines(compiler.empty() ? judgement.output : compiler);
      break;
    case Verdict::kGagged:
      fmt::print(
          "Refused: {}\n\nWhat silences or bypasses the judge is not judged, so there is no "
          "report. d shows what you changed; take that part back.\n",
          reason_of(judgement));
      break;
    case Verdict::kCannotJudge:
      fmt::print("{}\n", reason_of(judgement));
      break;
    default:
      tell_what_happened(judgement, look);
  }
}

std::string told_raw(const Judgement& judgement, const std::string& compiler) {
  const auto& text = !compiler.empty() ? compiler : judgement.output;
  if (!text.empty()) return workshop::harmless(text);
  if (!judgement.stacks.empty()) return workshop::harmless(judgement.stacks);
  switch (judgement.verdict) {
    case Verdict::kPass:
      return "The detector reported nothing, and the judged program wrote nothing.\n";
    case Verdict::kGagged:
      return "There is no report: " + reason_of(judgement) + " e tells more.\n";
    default:
      return "The detector reported nothing, and the judged program wrote nothing. e tells what "
             "was seen.\n";
  }
}

std::string no_interleaving(const Judgement& judgement) {
  switch (judgement.verdict) {
    case Verdict::kPass:
      return fmt::format("No interleaving was found that breaks it: {}.\n", judgement.reason);
    case Verdict::kCompileError:
      return "It did not compile, so no thread ran. e has all that the compiler said.\n";
    case Verdict::kGagged:
      return "It was refused, so its interleavings were not searched. e tells why.\n";
    case Verdict::kCannotJudge:
      return "Nothing was run. e tells why.\n";
    default:
      return "The explorer, which runs one thread at a time, found no interleaving that shows it "
             "again. e tells what was seen.\n";
  }
}

}  // namespace lab::cli
