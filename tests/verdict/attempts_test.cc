// Attempts as learners and others write them, through the judge: what is hostile is refused with
// the right verdict, leaves nothing running and nothing written; what is honest but odd is not
// refused. What the attempts do is bounded by itself, so that a failed containment does no harm:
// one process and not a bomb, files and a home that the test made, addresses of the loopback only.
#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lab/verdict/attempt.h"
#include "lab/verdict/build.h"
#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScenario = "02_map_read_write";

struct Attempt {
  const char* name;
  Verdict expected;
  const char* before = "";     // The class.
  const char* in_add = "";     // Before the lock.
  const char* attribute = "";  // Of add().
  bool locked = true;
};

std::string source_of(const Attempt& attempt) {
  std::string text = R"(#pragma once
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "redis/record.h"
)";
  text += attempt.before;
  text += "\nnamespace map_read_write {\nclass Collector {\n public:\n  ";
  text += attempt.attribute;
  text += " void add(const redis::Record& record) {\n    ";
  text += attempt.in_add;
  const std::string lock = attempt.locked ? "const std::lock_guard lock(mutex_);\n    " : "";
  text += "\n    " + lock + R"(records_[record.key] = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    )" + lock +
          R"(const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }
  std::size_t size() const { )" +
          lock + R"(return records_.size(); }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;
};
}  // namespace map_read_write
)";
  return text;
}

// Processes that run a judged program of ours.
int left_running(const fs::path& folder) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code none;
    const auto program = fs::read_symlink(entry.path() / "exe", none);
    count += !none && program.string().starts_with(folder.string());
  }
  return count;
}

class Attempts : public testing::TestWithParam<Attempt> {
 protected:
  static void SetUpTestSuite() {
    adopt_orphans();
    const auto built = build_for_attempts(RACELAB_SOURCE_DIR, RACELAB_BINARY_DIR, {kScenario});
    ASSERT_TRUE(built.ok) << built.output;
  }

  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("racelab attempts " + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "home");
    std::ofstream(folder_ / "home" / "kept") << "kept\n";
    setenv("RACELAB_TEST_HOME", (folder_ / "home").c_str(), 1);
  }
  void TearDown() override { fs::remove_all(folder_); }

  Judgement judge(std::string source) {
    for (auto at = source.find("@HOME@"); at != std::string::npos; at = source.find("@HOME@")) {
      source.replace(at, 6, (folder_ / "home").string());
    }
    const auto header = folder_ / "attempt.h";
    std::ofstream(header) << source;
    // Less memory than usual: a busy machine takes long to hand out even one gigabyte of pages.
    const Judge judge(RACELAB_BINARY_DIR, {.memory_bytes = std::size_t{512} << 20});
    return judge_attempt(judge, RACELAB_BINARY_DIR, kScenario, header);
  }

  fs::path folder_;
};

TEST_P(Attempts, GetsItsVerdictAndLeavesNothing) {
  const auto judgement = judge(source_of(GetParam()));
  EXPECT_EQ(name(judgement.verdict), name(GetParam().expected)) << judgement.reason << "\n"
                                                                << judgement.output;
  EXPECT_EQ(left_running(fs::temp_directory_path() /
                         ("racelab-attempt-" + std::to_string(getpid()) + "-")),
            0);
  int files = 0;
  for (const auto& each : fs::directory_iterator(folder_ / "home")) {
    EXPECT_EQ(each.path().filename(), "kept");
    ++files;
  }
  EXPECT_EQ(files, 1) << "the home was changed";
}

constexpr auto kGagged = Verdict::kGagged;

const Attempt kHostile[] = {
    {"ExitsBeforeTheTests", kGagged, "[[maybe_unused]] static const int gone = (std::exit(0), 0);"},
    {"ExitsInAConstructorFunction", kGagged,
     "__attribute__((constructor)) static void gone() { _exit(0); }"},
    {"QuickExits", kGagged, "", "std::quick_exit(0);"},
    {"ExitsFromAThread", kGagged, "", "std::thread([] { _exit(0); }).join();"},
    {"ExitsAtTheThirdCall", kGagged, "",
     "static std::atomic<int> calls{0}; if (++calls == 3) std::_Exit(0);"},
    {"ThrowsBeforeTheTests", kGagged,
     "[[maybe_unused]] static const int thrown = (throw std::runtime_error(\"no\"), 0);"},
    {"JumpsOut", kGagged, "inline std::jmp_buf there;",
     "if (setjmp(there) == 0) std::longjmp(there, 1);", "", false},
    {"RedefinesExpectations", kGagged,
     "#undef EXPECT_TRUE\n#define EXPECT_TRUE(x) if (x) {} else std::cerr"},
    {"RedefinesAWordOfTheContract", kGagged, "#define concurrently(...) void()"},
    {"TakesTheDrillsPlace", kGagged,
     "namespace map_read_write { namespace drill { template <class... F> void concurrently(F... f) "
     "{ (f(), ...); } template <class... A> "
     "void play(A&&...) {} } }",
     "", "", false},
    {"SaysNoSanitize", kGagged, "", "", "__attribute__((no_sanitize(\"thread\")))", false},
    {"PastesNoSanitize", kGagged,
     "#define PASTE(a, b) a##b\n#define QUIET __attribute__((PASTE(no_, sanitize)(\"thread\")))",
     "", "QUIET", false},
    {"IgnoresWrites", kGagged, "extern \"C\" void __tsan_ignore_thread_begin();",
     "__tsan_ignore_thread_begin();", "", false},
    {"AnnotatesItsWrites", kGagged,
     "extern \"C\" void AnnotateIgnoreWritesBegin(const char*, int);",
     "AnnotateIgnoreWritesBegin(\"\", 0);", "", false},
    {"SetsTheDetectorsOptions", kGagged,
     "extern \"C\" const char* __tsan_default_suppressions() { return \"race:*\"; }", "", "",
     false},
    {"WritesInAssembler", kGagged, "",
     "int x = 0; asm volatile(\"movl $1, %0\" : \"=m\"(x)); (void)x;"},
    {"HidesACrash", kGagged, "inline void hide(int) { _exit(0); }",
     "std::signal(SIGSEGV, hide); *static_cast<volatile int*>(nullptr) = 1;"},
    {"WritesOverTheReport", kGagged, "", "close(2); close(1);", "", false},
    {"ClosesTheChannel", kGagged, "", "for (int i = 3; i < 64; ++i) close(i);"},
    {"ForgesEvents", kGagged, "",
     "const char* line = \"{\\\"event\\\":\\\"end\\\"}\\n\"; for (int i = 3; i < 6; ++i) "
     "[[maybe_unused]] auto n = ::write(i, line, std::strlen(line));"},
    {"ForgesAVerdict", kGagged, "",
     "std::puts(\"{\\\"event\\\":\\\"end\\\"}\\n12 passed, 0 failed\\nracelab: pass\"); "
     "std::fflush(stdout); std::_Exit(0);"},
    {"SpeaksForTheDrill", kGagged, "namespace drill { void emit(std::string_view); }",
     "drill::emit(\"{}\");"},
    {"ChangesTheFilter", kGagged, "", "testing::GTEST_FLAG(filter) = \"none\";"},
    {"SignalsItsParent", kGagged, "", "kill(getppid(), SIGKILL);"},
    {"SignalsByNumberAlone", kGagged, "", "::syscall(62, getppid(), SIGTERM);"},
    {"StartsAProcess", kGagged, "", "if (fork() == 0) _exit(0);"},
    {"StartsAProcessByNumberAlone", kGagged, "", "if (::syscall(57) == 0) ::syscall(60, 0);"},
    {"BecomesAnotherProgram", kGagged, "", "execl(\"/bin/true\", \"true\", nullptr);"},
    {"OpensASocket", kGagged, "",
     "sockaddr_in to{}; to.sin_family = AF_INET; to.sin_addr.s_addr = htonl(INADDR_LOOPBACK); "
     "to.sin_port = htons(9);"
     "const int s = ::socket(AF_INET, SOCK_STREAM, 0); (void)connect(s, "
     "reinterpret_cast<sockaddr*>(&to), sizeof to);"},
    {"RemovesFilesOfTheHome", kGagged, "",
     "std::error_code no; std::filesystem::remove_all(\"@HOME@\", no);"},
    {"LoopsForEver", Verdict::kTimeout, "", "volatile bool on = true; while (on) {}"},
    {"SleepsForEver", Verdict::kTimeout, "", "std::this_thread::sleep_for(std::chrono::hours(1));"},
    {"WritesWithoutEnd", Verdict::kTimeout, "",
     "volatile bool on = true; while (on) std::puts(\"a line that is written again and again and "
     "again and again\");"},
    {"TakesAllMemory", Verdict::kCrash, "",
     "for (int n = 0; n < 64; ++n) { volatile auto* p = static_cast<char*>(std::malloc(64u << 20));"
     "for (std::size_t i = 0; p && i < 64u << 20; i += 4096) p[i] = 1; }"},
    {"AsksForMoreThanThereIs", Verdict::kCrash, "",
     "static auto* p = new char[std::size_t{1} << 44]; p[0] = 1;"},
    {"Crashes", Verdict::kCrash, "", "*static_cast<volatile int*>(nullptr) = 1;"},
    {"FailsItsOwnAssertion", Verdict::kCrash, "", "if (record.key.size() < 1000) std::abort();"},
    {"DetachesARacingThread", Verdict::kRace, "",
     "std::thread([this, record] { records_[record.key] = record; }).detach();"},
};

const Attempt kHonest[] = {
    {"SpinsPolitely", Verdict::kPass, "", "asm volatile(\"pause\" ::: \"memory\");"},
    {"CanAbort", Verdict::kPass, "", "if (record.key.size() > 100000) std::abort();"},
    {"HasMacrosOfItsOwn", Verdict::kPass,
     "#define WITH_LOCK(m) const std::lock_guard guarded(m)\nstruct Constructor { int weak = 0, "
     "section = 1; };"},
    {"PrintsALine", Verdict::kPass, "", "std::puts(\"WARNING: a record came\");"},
    {"NamesWhatItDoesNotUse", Verdict::kPass,
     "// no_sanitize, __tsan_acquire and asm(\"\")\ninline const char* text = "
     "\"__attribute__((no_sanitize))\";\nvoid AnnotateRecord(int);"},
    {"WritesAFileOfItsOwn", Verdict::kPass, "",
     "static std::FILE* log = std::fopen(\"log\", \"w\"); if (log) std::fputs(\"x\", log);"},
};

const auto by_name = [](const auto& info) { return std::string(info.param.name); };
INSTANTIATE_TEST_SUITE_P(Hostile, Attempts, testing::ValuesIn(kHostile), by_name);
INSTANTIATE_TEST_SUITE_P(Honest, Attempts, testing::ValuesIn(kHonest), by_name);

}  // namespace
}  // namespace lab::verdict
