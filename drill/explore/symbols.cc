#include "drill/explore/symbols.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace drill::explore {
namespace {

constexpr int kPatience_ms = 20'000;

std::string own_path() {
  char path[PATH_MAX];
  const auto length = readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

// "\"/path\" 0x123": the module that holds an address, and where in it.
std::string place_in_module(Address address) {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(address - 1), &info) == 0) return {};
  std::string module = info.dli_fname;
  // The program's own name may be relative to where it was started.
  if (module.find(".so") == std::string::npos) module = own_path();
  char offset[32];
  std::snprintf(
      offset, sizeof offset, "0x%lx",
      static_cast<unsigned long>(address - 1 - reinterpret_cast<Address>(info.dli_fbase)));
  return "\"" + module + "\" " + offset;
}

[[noreturn]] void become_symbolizer(int input, int output) {
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nothing, STDERR_FILENO);
  for (const char* name : {"llvm-symbolizer-19", "llvm-symbolizer"}) {
    execlp(name, name, "--output-style=JSON", "--inlines", "--demangle", nullptr);
  }
  _exit(127);
}

// A symbolizer that is asked as long as this process lives: most of its time goes into reading the
// program's debug information, once.
class Symbolizer {
 public:
  Symbolizer() {
    int to[2];
    int from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) return;
    child_ = fork();
    if (child_ == 0) become_symbolizer(to[0], from[1]);
    close(to[0]);
    close(from[1]);
    questions_ = to[1];
    answers_ = from[0];
  }

  // The answer, one line; empty when there is no symbolizer or it is stuck.
  std::string ask(const std::string& question) {
    const std::string line = question + "\n";
    if (child_ <= 0 || write(questions_, line.data(), line.size()) < 0) return {};
    std::size_t end;
    while ((end = unread_.find('\n')) == std::string::npos) {
      if (!read_more()) return {};
    }
    std::string answer = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return answer;
  }

 private:
  bool read_more() {
    pollfd answer{answers_, POLLIN, 0};
    if (poll(&answer, 1, kPatience_ms) <= 0) return false;
    char buffer[65536];
    const auto count = read(answers_, buffer, sizeof buffer);
    if (count > 0) unread_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  pid_t child_ = -1;  // Ends when this process does, at the end of its input.
  int questions_ = -1;
  int answers_ = -1;
  std::string unread_;
};

std::vector<Frame> frames_of(const std::string& answer) {
  std::vector<Frame> frames;
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  if (json.is_discarded() || !json.contains("Symbol")) return frames;
  for (const auto& symbol : json["Symbol"]) {
    Frame frame{symbol.value("FunctionName", ""), symbol.value("FileName", ""),
                symbol.value("Line", 0)};
    if (!frame.function.empty()) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace

std::map<Address, std::vector<Frame>> symbolize(const std::vector<Address>& addresses) {
  static Symbolizer symbolizer;
  static std::map<Address, std::vector<Frame>> known;
  std::map<Address, std::vector<Frame>> result;
  for (const Address address : addresses) {
    auto found = known.find(address);
    if (found == known.end()) {
      const auto place = place_in_module(address);
      found = known
                  .emplace(address,
                           place.empty() ? std::vector<Frame>{} : frames_of(symbolizer.ask(place)))
                  .first;
    }
    if (!found->second.empty()) result.insert(*found);
  }
  return result;
}

}  // namespace drill::explore
