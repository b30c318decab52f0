#include "lab/verdict/gag.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }

// A source's words, literals (with their quotes) and other characters, without comments and blanks.
// A line that begins with # is one token, with what continues it.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  bool line_begins = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto rest = text.substr(i);
    std::size_t length = 1;
    if (c == '\n') {
      line_begins = true;
      ++i;
      continue;
    }
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++i;
      continue;
    }
    if (rest.starts_with("//")) {
      i += std::min(rest.find('\n'), rest.size());
      continue;
    }
    if (rest.starts_with("/*")) {
      const auto end = rest.find("*/", 2);
      i += end == std::string_view::npos ? rest.size() : end + 2;
      continue;
    }
    if (c == '#' && line_begins) {
      while (length < rest.size() && (rest[length] != '\n' || rest[length - 1] == '\\')) ++length;
    } else if (rest.starts_with("R\"")) {
      const auto open = rest.find('(');
      const auto end = open == std::string_view::npos
                           ? open
                           : rest.find(")" + std::string(rest.substr(2, open - 2)) + "\"", open);
      length = end == std::string_view::npos ? rest.size() : end + open;
    } else if (is_word(c)) {
      while (length < rest.size() &&
             (is_word(rest[length]) ||
              // A digit separator is no quote.
              (rest[length] == '\'' && std::isdigit(static_cast<unsigned char>(c))))) {
        ++length;
      }
    } else if (c == '"' || c == '\'') {
      while (length < rest.size() && rest[length] != c && rest[length] != '\n') {
        length += rest[length] == '\\' ? 2 : 1;
      }
      ++length;
    }
    length = std::min(length, rest.size());
    tokens.emplace_back(rest.substr(0, length));
    line_begins = false;
    i += length;
  }
  return tokens;
}

bool any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// An attribute's name may stand between underscores.
std::string_view bare_name(std::string_view name) {
  while (name.starts_with("__") && name.ends_with("__") && name.size() > 4) {
    name = name.substr(2, name.size() - 4);
  }
  return name;
}

// As a source would name it.
std::string readable(const std::string& symbol) {
  int status = 0;
  char* text = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status);
  const std::string name = text != nullptr ? text : symbol;
  std::free(text);
  return name;
}

std::string uses(std::string_view what, const char* why) {
  return "it uses " + readable(std::string(what)) + ", which " + why;
}

std::string attribute_gags(std::string_view name) {
  const auto bare = bare_name(name);
  if (bare.starts_with("no_sanitize") || bare == "disable_sanitizer_instrumentation" ||
      bare == "naked" || bare == "no_instrument_function") {
    return uses(name, "hides code from the detector");
  }
  if (any_of(bare, {"constructor", "destructor", "init_priority", "ifunc", "section"})) {
    return uses(name, "runs code outside the tests");
  }
  if (any_of(bare, {"weak", "weakref", "alias"})) return uses(name, "puts itself in others' place");
  if (any_of(bare, {"optimize", "optnone"})) return uses(name, "changes how it is compiled");
  return "";
}

// What spins politely or holds the compiler back is honest.
bool is_harmless_assembler(std::string text) {
  std::erase_if(text,
                [](char c) { return std::isspace(static_cast<unsigned char>(c)) || c == ';'; });
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n"))
    text.erase(at, 2);
  return any_of(text, {"", "nop", "pause", "repnop", "yield", "isb", "mfence", "lfence", "sfence"});
}

// The template of an asm statement at `i`.
std::string assembler_at(const std::vector<std::string>& tokens, std::size_t i) {
  while (i < tokens.size() && tokens[i] != "(") ++i;
  std::string text;
  for (++i; i < tokens.size() && tokens[i].starts_with('"'); ++i) {
    text += tokens[i].substr(1, tokens[i].size() - 2);
  }
  return text;
}

std::string pragma_gags(const std::string& line) {
  static const std::regex tricks(
      R"(#\s*pragma\s+(clang\s+(attribute|optimize|system_header)|)"
      R"(GCC\s+(optimize|push_options|target|system_header|poison)|weak|redefine_extname|push_macro|)"
      R"(pop_macro|omp|comment)\b)");
  std::smatch match;
  if (line.size() > 1000 || !std::regex_search(line, match, tricks)) return "";
  return uses(match[0].str(), "changes how it is compiled");
}

std::string directive_word(const std::string& line, std::size_t number) {
  std::istringstream in(line.substr(1));
  std::string word;
  for (std::size_t i = 0; i <= number; ++i) in >> word;
  return word;
}

std::string macro_name(const std::string& line) {
  const auto word = directive_word(line, 1);
  return word.substr(0, static_cast<std::size_t>(
                            std::find_if_not(word.begin(), word.end(), is_word) - word.begin()));
}

bool is_of_tests(const std::string& name) {
  static constexpr std::array<std::string_view, 9> kStarts = {
      "EXPECT_", "ASSERT_", "TEST",         "FAIL",        "ADD_FAILURE",
      "SUCCEED", "GTEST_",  "SCOPED_TRACE", "concurrently"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return name.starts_with(start); });
}

bool is_keyword(std::string_view name) {
  return any_of(
      name, {"private", "protected",    "public",    "class",   "struct",   "const",    "volatile",
             "static",  "thread_local", "mutable",   "if",      "else",     "for",      "while",
             "do",      "return",       "namespace", "using",   "template", "typename", "bool",
             "int",     "true",         "false",     "nullptr", "new",      "delete",   "this",
             "auto",    "throw",        "try",       "catch",   "std",      "switch",   "case",
             "break",   "continue"});
}

// Macros that an attempt leaves behind, and those of the tests that it takes away.
class Macros {
 public:
  std::string take(const std::string& line) {
    const auto directive = directive_word(line, 0);
    const bool defines = directive == "define";
    if (!defines && directive != "undef") return "";
    const auto name = macro_name(line);
    if (is_of_tests(name)) return redefines(name);
    if (defines) {
      left_.insert(name);
    } else {
      left_.erase(name);
    }
    return "";
  }

  std::string judge(const std::set<std::string>& contract) const {
    for (const auto& name : left_) {
      if (is_keyword(name) || contract.contains(name)) return redefines(name);
    }
    return "";
  }

 private:
  static std::string redefines(const std::string& name) {
    return "it redefines " + name + ", which the contract is written in";
  }
  std::set<std::string> left_;
};

std::string tokens_gag(const std::vector<std::string>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    const bool opens = i + 1 < tokens.size() && token == "[" && tokens[i + 1] == "[";
    const bool gnu = any_of(token, {"__attribute__", "__attribute"});
    if (opens || gnu) {
      const auto* end = opens ? "]" : ")";  // It ends with two of them.
      for (std::size_t k = i + 1; k + 1 < tokens.size(); ++k) {
        if (tokens[k] == end && tokens[k + 1] == end) break;
        if (auto why = attribute_gags(tokens[k]); !why.empty()) return why;
      }
    }
    if (any_of(token, {"asm", "__asm", "__asm__"}) &&
        !is_harmless_assembler(assembler_at(tokens, i))) {
      return uses(token, "hides accesses in assembler");
    }
    if (token == "_Pragma" && i + 2 < tokens.size()) {
      const auto& text = tokens[i + 2];
      if (text.size() < 2) continue;
      if (auto why = pragma_gags("#pragma " + text.substr(1, text.size() - 2)); !why.empty()) {
        return why;
      }
    }
  }
  return "";
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string how_tokens_gag(std::string_view text, const std::set<std::string>& contract) {
  const auto tokens = tokens_of(text);
  Macros macros;
  for (const auto& token : tokens) {
    if (!token.starts_with('#')) continue;
    if (auto why = pragma_gags(token); !why.empty()) return why;
    if (auto why = macros.take(token); !why.empty()) return why;
  }
  if (auto why = macros.judge(contract); !why.empty()) return why;
  return tokens_gag(tokens);
}

// Sorts a preprocessed text's lines by the files that they come from.
class Origin {
 public:
  explicit Origin(const Ground& ground) : ground_(ground) {}

  // Takes a line marker, `# 12 "file" 1 3`; false when the attempt gave its lines another name.
  bool take(std::string_view marker) {
    const auto open = marker.find('"');
    const auto close = marker.rfind('"');
    if (open == std::string_view::npos || close <= open) return true;
    const std::string file(marker.substr(open + 1, close - open - 1));
    if (file.ends_with("//")) return true;  // g++ names the folder that it works in.
    const auto flags = marker.substr(close + 1);
    const bool enters_or_returns =
        flags.find(" 1") != std::string_view::npos || flags.find(" 2") != std::string_view::npos;
    const bool renamed =
        counts_ && !file_.empty() && file != file_ && !enters_or_returns && !file.starts_with('<');
    file_ = file;
    counts_ = !file.starts_with('<') && !file.starts_with("/usr/") && !is_ours(file);
    return !renamed;
  }
  bool counts() const { return counts_; }

 private:
  bool is_ours(const std::string& file) const {
    return std::any_of(ground_.folders.begin(), ground_.folders.end(), [&](const fs::path& folder) {
      return file.starts_with(folder.string() + "/") && file.find("/../") == std::string::npos;
    });
  }

  const Ground& ground_;
  std::string file_;
  bool counts_ = false;
};

bool is_marker(std::string_view line) {
  return line.size() > 2 && line[0] == '#' && line[1] == ' ' &&
         std::isdigit(static_cast<unsigned char>(line[2]));
}

}  // namespace

std::string how_it_gags(const fs::path& header) { return how_it_gags(read_text(header)); }

std::string how_it_gags_preprocessed(std::string_view text, const Ground& ground) {
  Origin origin(ground);
  std::string theirs;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    begin = end + 1;
    if (is_marker(line)) {
      if (!origin.take(line)) return uses("#line", "hides where code comes from");
    } else if (origin.counts()) {
      theirs.append(line).append("\n");
    }
  }
  std::set<std::string> contract;
  for (auto& token : tokens_of(read_text(ground.contract))) {
    if (is_word(token.front())) contract.insert(std::move(token));
  }
  return how_tokens_gag(theirs, contract);
}

namespace {

// What the compiler itself asks of the detector's runtime.
bool is_instrumentation(const std::string& name) {
  static const std::regex calls(
      R"(__tsan_((unaligned_|volatile_|unaligned_volatile_)?(read|write|read_write)\d+(_pc)?|)"
      R"((read|write)_range(_pc)?|func_entry|func_exit|vptr_(read|update)|init|)"
      R"(atomic\w+|mem(cpy|move|set)|ignore_thread_(begin|end)_compiler))");
  return std::regex_match(name, calls);
}

bool is_of_the_detector(const std::string& name) {
  static const std::regex names(
      R"((__tsan_|__sanitizer_|___?interceptor_|__real_|__wrap_|__lsan_|__asan_|__ubsan_)\w*|)"
      R"(Annotate(Happens|RWLock|Benign|Ignore|Flush|New|CondVar|ThreadName|Enable|MutexIs|PCQ|)"
      R"(Expect|MemoryIs|NoOp)\w*|(WTF)?RunningOnValgrind|ValgrindSlowdown)");
  return std::regex_match(name, names);
}

// Of the C library, what no collector has an honest use for. What an assertion or the runtime may
// call (exit, abort, raise) is not here: that is judged when it happens.
bool is_of_another_trade(const std::string& name) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"fork",          "vfork",
                                       "_Fork",         "execve",
                                       "execv",         "execvp",
                                       "execvpe",       "execl",
                                       "execlp",        "execle",
                                       "fexecve",       "posix_spawn",
                                       "posix_spawnp",  "system",
                                       "popen",         "ptrace",
                                       "longjmp",       "_longjmp",
                                       "__longjmp_chk", "siglongjmp",
                                       "setjmp",        "_setjmp",
                                       "__sigsetjmp",   "sigsetjmp",
                                       "signal",        "sigaction",
                                       "bsd_signal",    "sysv_signal",
                                       "__sysv_signal", "sigset",
                                       "kill",          "killpg",
                                       "tgkill",        "setenv",
                                       "putenv",        "unsetenv",
                                       "clearenv",      "dlopen",
                                       "dlmopen",       "dlsym",
                                       "dlvsym",        "seccomp",
                                       "socket",        "socketpair",
                                       "personality",   "process_vm_writev",
                                       "setitimer",     "alarm",
                                       "quick_exit",    "at_quick_exit",
                                       "sigaltstack",   "setcontext",
                                       "swapcontext",   "makecontext",
                                       "unshare",       "environ"});
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_of_the_drill(const std::string& name) {
  return name.starts_with("_ZN5drill") || name.starts_with("_ZNK5drill") ||
         name.starts_with("_ZN3lab");
}

// GoogleTest's own workings, beyond the assertions that anybody may write.
bool is_of_the_runner(const std::string& name) {
  static constexpr std::array<std::string_view, 8> kParts = {
      "8UnitTest",       "FLAGS_gtest",  "TestEventListener",
      "InitGoogleTest",  "UnitTestImpl", "TestPartResultReporter",
      "TestFactoryBase", "8TestInfo"};
  if (!name.starts_with("_ZN7testing") && !name.starts_with("_ZNK7testing")) return false;
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

std::string asks_gag(const std::string& name) {
  if (is_of_the_detector(name) && !is_instrumentation(name)) {
    return uses(name, "speaks to the detector's runtime");
  }
  if (is_of_the_drill(name)) return uses(name, "belongs to the judge");
  if (is_of_the_runner(name)) return uses(name, "belongs to the tests' runner");
  if (is_of_another_trade(name)) return uses(name + "()", "a collector has no business with");
  return "";
}

// Of a symbol that the attempt defines for all to see.
std::string gives_gag(const ObjectFile::Symbol& symbol) {
  const auto& name = symbol.name;
  if (symbol.resolved_at_start) return uses(name, "runs before the tests");
  if (is_of_the_detector(name) || name == "main") {
    return "it defines " + name + ", which belongs to the judge";
  }
  if (symbol.weak) return "";
  if (is_of_the_drill(name) || name.starts_with("_ZN7testing") ||
      name.starts_with("_ZNK7testing")) {
    return "it defines a function of the judge: " + readable(name);
  }
  static const std::regex libraries(
      R"((pthread|sem|mtx|cnd|thrd|sched|__cxa|_dl|__libc|_Unwind|__gxx)_\w+|)"
      R"(_?_?(exit|Exit|abort|write|read|close|open|dup2?|malloc|free|calloc|realloc|memcpy|memset|)"
      R"(memmove|strlen|getenv|raise|fork|syscall|printf|fprintf|fflush|usleep|nanosleep))");
  if (std::regex_match(name, libraries)) {
    return "it defines " + name + ", which belongs to the C library";
  }
  return "";
}

// The symbols of a contract that every honest attempt's object has too.
bool is_of_the_contract(const ObjectFile::Symbol& symbol) {
  if (symbol.defined) return symbol.name.ends_with("_Test8TestBodyEv");
  return is_of_the_drill(symbol.name) ||
         symbol.name.find("MakeAndRegisterTestInfo") != std::string::npos;
}

}  // namespace

std::string how_it_gags(const std::string& source) {
  for (const auto& token : tokens_of(source)) {
    if (is_of_the_detector(token)) {
      return uses(token, "speaks to the detector's runtime");
    }
    if (bare_name(token).starts_with("no_sanitize")) {
      return uses(token, "hides code from the detector");
    }
  }
  return how_tokens_gag(source, {});
}

std::string how_it_gags(const ObjectFile& attempt, const Ground& ground) {
  std::map<std::string, bool> honest;  // Name to defined.
  for (const auto& symbol : ground.honest->symbols) honest.emplace(symbol.name, symbol.defined);
  std::set<std::pair<std::string, bool>> has;
  for (const auto& symbol : attempt.symbols) {
    has.emplace(symbol.name, symbol.defined);
    const auto known = honest.find(symbol.name);
    if (known != honest.end() && known->second == symbol.defined) continue;
    if (symbol.defined && symbol.local && !symbol.resolved_at_start) continue;
    if (auto why = symbol.defined ? gives_gag(symbol) : asks_gag(symbol.name); !why.empty()) {
      return why;
    }
  }
  for (const auto& symbol : ground.honest->symbols) {
    if (is_of_the_contract(symbol) && !has.contains({symbol.name, symbol.defined})) {
      return "it keeps the contract from being what it is: it does without " +
             readable(symbol.name);
    }
  }
  const std::set<std::string> usual(ground.honest->sections.begin(), ground.honest->sections.end());
  for (const auto& section : attempt.sections) {
    if (usual.contains(section)) continue;
    if (section.starts_with(".preinit_array") || section.starts_with(".init_array.") ||
        section.starts_with(".ctors")) {
      return uses(section, "runs code before the tests");
    }
  }
  return "";
}

}  // namespace lab::verdict
