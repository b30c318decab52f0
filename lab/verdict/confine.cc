#include "lab/verdict/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "lab/scratch.h"

namespace lab::verdict {
namespace {

// All that changes files, by landlock's first version, which every kernel that has landlock knows.
constexpr std::uint64_t kChanges = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                   LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr rlim_t kFileBytesMax = 64 << 20;
constexpr rlim_t kFilesMax = 512;

// Set once, before the first confined child; read by children.
std::atomic<bool> with_landlock{false};

std::vector<std::string> bubblewrap(const std::string& scratch) {
  return {"bwrap",
          "--unshare-all",
          "--die-with-parent",
          "--new-session",
          "--cap-drop",
          "ALL",
          "--ro-bind",
          "/",
          "/",
          "--dev",
          "/dev",
          "--remount-ro",
          "/dev",
          "--proc",
          "/proc",
          "--bind",
          scratch,
          scratch,
          "--chdir",
          scratch,
          "--"};
}

Confinement try_here() {
  Confinement found;
  auto words = bubblewrap(temporary_files().string());
  words.emplace_back("true");
  const auto outcome = run({.arguments = std::move(words)}, {.time = std::chrono::seconds(10)});
  found.bubblewrap = outcome.exit_code == 0;
  if (found.bubblewrap) {
    found.says = "judged processes run in bubblewrap";
    return found;
  }
  found.landlock =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
  with_landlock = found.landlock;
  found.says =
      std::string("bubblewrap does not work here (") +
      (outcome.started ? outcome.output.substr(0, outcome.output.find('\n')) : "not installed") +
      "); judged processes are confined by seccomp" +
      (found.landlock ? " and landlock" : " alone, and may write to files that you may write to") +
      ". To mend it install Debian's package bubblewrap and allow user namespaces";
  return found;
}

void allow_changes(int rules, const char* path, std::uint64_t changes) {
  landlock_path_beneath_attr beneath{};
  beneath.allowed_access = changes;
  beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
  if (beneath.parent_fd < 0) return;
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  close(beneath.parent_fd);
}

}  // namespace

const Confinement& confinement() {
  static const Confinement found = try_here();
  return found;
}

std::vector<std::string> confined_arguments(const Command& command) {
  if (command.confined_to.empty() || !confinement().bubblewrap) return command.arguments;
  auto words = bubblewrap(command.confined_to.string());
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  return words;
}

void confine_self(const char* scratch) {
  const rlimit file{kFileBytesMax, kFileBytesMax};
  setrlimit(RLIMIT_FSIZE, &file);
  const rlimit files{kFilesMax, kFilesMax};
  setrlimit(RLIMIT_NOFILE, &files);
  const rlimit core{0, 0};
  setrlimit(RLIMIT_CORE, &core);
  if (!with_landlock) return;
  [[maybe_unused]] const int moved = chdir(scratch);
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = kChanges;
  const auto rules =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (rules < 0) return;
  allow_changes(rules, scratch, kChanges);
  allow_changes(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
}

}  // namespace lab::verdict
