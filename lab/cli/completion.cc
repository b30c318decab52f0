#include <fmt/core.h>

#include <string>
#include <vector>

#include "lab/cli/commands.h"
#include "lab/course/course.h"
#include "lab/paths.h"

// Shell completion, from the program's own tree of commands, so that it cannot lag behind.
namespace lab::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

// "--json --all", without those that are hidden.
std::string flags_of(const CLI::App& command) {
  std::string flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) flags += (flags.empty() ? "--" : " --") + name;
  }
  return flags;
}

bool takes_scenario(const std::string& command) {
  for (const auto* name :
       {"start", "check", "hint", "solution", "reset", "verify", "explore", "bench"}) {
    if (command == name) return true;
  }
  return false;
}

std::string names_of(const CLI::App& app) {
  std::string names;
  for (const auto* command : commands_of(app)) {
    names += (names.empty() ? "" : " ") + command->get_name();
  }
  return names;
}

void print_bash(const CLI::App& app) {
  fmt::print(R"(# bash completion of racelab. Use: source <(./racelab completion bash)
_racelab() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} words=
  if [ "$COMP_CWORD" = 1 ]; then
    words="{} --help"
  else
    case $command in
)",
             names_of(app));
  for (const auto* command : commands_of(app)) {
    const bool scenario = takes_scenario(command->get_name());
    fmt::print("      {}) words=\"{}\"{} ;;\n", command->get_name(), flags_of(*command),
               scenario ? "\" $(\"${COMP_WORDS[0]}\" completion scenarios 2>/dev/null)\"" : "");
  }
  fmt::print(R"(    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}}
complete -o default -F _racelab racelab ./racelab
)");
}

// A text within single quotes, for zsh's _describe, where a colon parts name and text.
std::string described(const CLI::App& command) {
  std::string text = command.get_name() + ":";
  for (const char c : command.get_description()) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return "'" + text + "'";
}

void print_zsh(const CLI::App& app) {
  fmt::print(R"(#compdef racelab
# zsh completion of racelab. Use: source <(./racelab completion zsh)
_racelab() {{
  local -a commands found
  commands=(
)");
  for (const auto* command : commands_of(app)) fmt::print("    {}\n", described(*command));
  fmt::print(R"(  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
)");
  for (const auto* command : commands_of(app)) {
    const bool scenario = takes_scenario(command->get_name());
    fmt::print("    {}) found=({}{}) ;;\n", command->get_name(), flags_of(*command),
               scenario ? " ${(f)\"$($words[1] completion scenarios 2>/dev/null)\"}" : "");
  }
  fmt::print(R"(  esac
  compadd -a found
  _files
}}
compdef _racelab racelab ./racelab
)");
}

int completion(const CLI::App& app, const std::string& shell) {
  if (shell == "bash") {
    print_bash(app);
  } else if (shell == "zsh") {
    print_zsh(app);
  } else {
    const course::Course course(source_root());
    for (const auto& scenario : course.scenarios()) {
      fmt::print("{}\n", scenario.id);
    }
  }
  return 0;
}

}  // namespace

void add_completion(CLI::App& app, int& exit_code) {
  static std::string shell;
  auto* command = app.add_subcommand("completion", "Completion for bash or zsh, to be sourced");
  command->add_option("shell", shell, "bash or zsh; scenarios prints their ids")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "scenarios"}));
  command->footer("  source <(" + called() + " completion bash)");
  command->callback([&app, &exit_code] { exit_code = completion(app, shell); });
}

}  // namespace lab::cli
