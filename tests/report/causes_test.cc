#include "lab/report/causes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "lab/report/names.h"
#include "lab/report/reader.h"

namespace lab::report {
namespace {

Frame frame(const std::string& function, const std::string& file, int line) {
  Frame frame;
  frame.function = function;
  frame.file = file;
  frame.line = line;
  frame.module = "prog";
  return frame;
}

Access access(const std::string& op, const std::string& thread, const Frame& own) {
  Access access;
  access.op = op;
  access.thread = thread;
  access.stack = {
      frame("std::vector<int>::push_back(int&&)", "/usr/include/c++/12/bits/stl_vector.h", 1), own};
  return access;
}

// A race of `first`, the later access, against `second`, each under a frame of the library.
Report race(const std::string& op1, const Frame& first, const std::string& op2,
            const Frame& second) {
  Report report;
  report.kind = "data race";
  report.accesses = {access(op1, "T2", first), access(op2, "T1", second)};
  report.accesses[1].previous = true;
  return report;
}

LockEdge edge(const std::string& acquired, const std::string& held, const std::string& thread,
              const Frame& at) {
  LockEdge edge;
  edge.acquired = acquired;
  edge.held = held;
  edge.thread = thread;
  edge.acquired_at = {at};
  return edge;
}

const Frame kAdd = frame("ns::Collector::add(int)", "/p/src/collector.h", 10);
const Frame kAddLater = frame("ns::Collector::add(int)", "/p/src/collector.h", 11);
const Frame kFind = frame("ns::Collector::find(int) const", "/p/src/collector.h", 20);
const Frame kSize = frame("ns::Collector::size() const", "/p/src/collector.h", 30);
const Frame kOther = frame("ns::Session::open()", "/p/src/session.h", 5);

TEST(Causes, FoldReportsOfTheSameTwoFunctions) {
  const auto causes =
      find_causes({race("write", kAdd, "read", kFind), race("read", kFind, "write", kAddLater),
                   race("write", kAddLater, "read", kFind)},
                  {});
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].reports, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(causes[0].pairs.size(), 2u);
}

TEST(Causes, FoldReportsThatShareAMemberFunction) {
  const auto causes = find_causes(
      {race("write", kAdd, "read", kFind), race("read", kSize, "write", kAddLater)}, {});
  EXPECT_EQ(causes.size(), 1u);
}

TEST(Causes, KeepApartWhatHasNothingInCommon) {
  const auto causes =
      find_causes({race("write", kAdd, "read", kFind), race("write", kOther, "write", kOther)}, {});
  ASSERT_EQ(causes.size(), 2u);
  EXPECT_EQ(causes[1].reports, std::vector<std::size_t>{1});
}

TEST(Causes, KeepLambdasApartThatGccDoesNotName) {
  const auto lambda = [](int line) { return frame("operator()", "/p/main.cc", line); };
  const auto causes = find_causes(
      {race("write", lambda(3), "write", lambda(4)), race("write", lambda(8), "write", lambda(9))},
      {});
  EXPECT_EQ(causes.size(), 2u);
}

TEST(Causes, ShowTheWriteFirstAndTheUsersFrame) {
  const auto causes = find_causes({race("write", kAdd, "read", kFind)}, {});
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].first.op, "write");
  EXPECT_EQ(causes[0].first.function, kAdd.function);
  EXPECT_EQ(causes[0].first.line, 10);
  EXPECT_EQ(causes[0].first.frame, 1u);
  EXPECT_TRUE(causes[0].first.own);
  EXPECT_EQ(causes[0].second.function, kFind.function);
}

TEST(Causes, TellsAFreeFromAWrite) {
  auto report = race("read", kFind, "write", kAdd);
  report.kind = "heap-use-after-free";
  report.accesses[1].stack[0] = frame("operator delete(void*, unsigned long)", "", 0);
  const auto causes = find_causes({race("read", kFind, "write", kAdd), report}, {});
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].kind, "heap-use-after-free");
  EXPECT_EQ(causes[0].first.op, "free");
}

TEST(Causes, TakeBothSidesOfALockOrder) {
  Report report;
  report.kind = "lock-order-inversion (potential deadlock)";
  report.cycle = {"M0", "M1", "M0"};
  report.edges.push_back(edge("M1", "M0", "T1", kAdd));
  report.edges.push_back(edge("M0", "M1", "T2", kFind));
  const auto causes = find_causes({report}, {});
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].first.op, "lock");
  EXPECT_EQ(causes[0].first.function, kAdd.function);
  EXPECT_EQ(causes[0].second.thread, "T2");
  EXPECT_EQ(causes[0].second.mutexes[0].id, "M1");
}

TEST(Causes, GiveOnePartyWhereThereIsOne) {
  const auto reports = read_reports(
      "WARNING: ThreadSanitizer: unlock of an unlocked mutex (or by a wrong thread) (pid=3)\n"
      "    #0 pthread_mutex_unlock <null> (prog+0x1)\n    #1 main /p/a.cc:4:3 (prog+0x2)\n\n"
      "SUMMARY: ThreadSanitizer: unlock\n");
  const auto causes = find_causes(reports, {});
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].first.op, "unlock");
  EXPECT_EQ(causes[0].first.line, 4);
  EXPECT_FALSE(causes[0].second.given());
}

TEST(Own, FollowsPathsInWholeComponents) {
  const Own own{{"src/cache", "/p/main.cc"}};
  EXPECT_TRUE(own.owns(frame("f", "/home/me/src/cache/lru.cc", 1)));
  EXPECT_TRUE(own.owns(frame("f", "src/cache/lru.cc", 1)));
  EXPECT_TRUE(own.owns(frame("f", "/p/main.cc", 1)));
  EXPECT_TRUE(own.owns(frame("f", "/p/build/../main.cc", 1)));
  EXPECT_FALSE(own.owns(frame("f", "/home/me/src/cachet/lru.cc", 1)));
  EXPECT_FALSE(own.owns(frame("f", "/home/me/src/other.cc", 1)));
  EXPECT_FALSE(own.owns(frame("f", "/x/p/main.cc", 1)));
}

// gcc's runtime is built in a folder called src, too.
TEST(Own, IsNotTheRuntimeAndFindsWhatIsNamedFromFurtherDown) {
  const auto at = [](const std::string& file, const std::string& module = "bank") {
    return Frame{.function = "f", .file = file, .line = 1, .module = module};
  };
  const Own folder{{"src"}};
  EXPECT_TRUE(folder.owns(at("src/bank.cc")));
  EXPECT_FALSE(folder.owns(at("../../../../src/libsanitizer/tsan/tsan_new_delete.cpp")));
  EXPECT_FALSE(folder.owns(at("src/memcpy.c", "libc.so.6")));
  const Own rooted{{"/home/me/bank/src/"}};
  EXPECT_TRUE(rooted.owns(at("src/bank.cc")));
  EXPECT_TRUE(rooted.owns(at("bank/src/bank.cc")));
  EXPECT_FALSE(rooted.owns(at("rc/bank.cc")));
  EXPECT_FALSE(rooted.owns(at("tests/bank.cc")));
  const Own file{{"/home/me/bank/src/bank.cc"}};
  EXPECT_TRUE(file.owns(at("src/bank.cc")));
  EXPECT_FALSE(file.owns(at("src/ban.cc")));
}

TEST(Own, IsNotTheLibraryNorTheFramework) {
  const Own own;
  for (const std::string file :
       {"/usr/lib/gcc/x86_64-linux-gnu/12/../../../../include/c++/12/bits/hashtable.h",
        "/usr/include/c++/12/thread",
        "../../../../src/libsanitizer/tsan/tsan_interceptors_posix.cpp", "tsan_new_delete.cpp",
        "/usr/src/googletest/googletest/src/gtest.cc", "/usr/include/oneapi/tbb/task.h",
        "/opt/llvm/include/c++/v1/vector", "/rustc/abc/library/core/src/ops/function.rs"}) {
    EXPECT_FALSE(own.owns(frame("f", file, 1))) << file;
  }
  EXPECT_FALSE(
      own.owns({.function = "clone", .file = "misc/clone.S", .line = 1, .module = "libc.so.6"}));
  EXPECT_FALSE(own.owns(frame("main", "", 0)));
  EXPECT_TRUE(own.owns(frame("main", "main.cc", 3)));
  EXPECT_TRUE(own.owns(frame("main", "test/tsan/main.cc", 3)));
}

TEST(Sources, ShowAnObjectThatBothLinesName) {
  Sources sources({RACELAB_SOURCE_DIR});
  const std::string file = "/elsewhere/scenarios/02_map_read_write/racy.h";
  const auto& lines = sources.lines(file);
  ASSERT_FALSE(lines.empty());
  std::vector<int> uses;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool code = lines[i].find("records_[") != std::string::npos ||
                      lines[i].find("records_.find") != std::string::npos;
    if (code) uses.push_back(static_cast<int>(i) + 1);
  }
  ASSERT_GE(uses.size(), 2u);
  const auto report = race("write", frame("Collector::add(int)", file, uses[0]), "read",
                           frame("Collector::find(int)", file, uses[1]));
  EXPECT_EQ(find_object(find_pair(report, {}, sources), report, sources), "records_");
}

TEST(Sources, ShowNoObjectOfTheLineAroundALambda) {
  const std::string file = testing::TempDir() + "lambda.cc";
  std::ofstream(file) << "callbacks_.send([counts] { ++(*counts)[0]; });\n"
                         "return (*counts)[0];\n";
  Sources sources({testing::TempDir()});
  const auto report = race("write", frame("Collector::add()::{lambda()#1}::operator()()", file, 1),
                           "read", frame("Collector::count()", file, 2));
  EXPECT_EQ(find_object(find_pair(report, {}, sources), report, sources), "*counts");
  std::ofstream(file) << "callbacks_.send([counts] { ++(*counts)[0]; });\n"
                         "return found->second;\n";
  Sources anew({testing::TempDir()});
  EXPECT_EQ(find_object(find_pair(report, {}, anew), report, anew), "");
}

TEST(Sources, ShowNoObjectThatIsAParameter) {
  const std::string file = testing::TempDir() + "declared.cc";
  std::ofstream(file) << "void add(int x) { items.push_back(x); }\n"
                         "int first(int x) { return items[x]; }\n"
                         "void skip(int x) { use(x); }\n"
                         "if (not found) ask();\n";
  Sources sources({testing::TempDir()});
  const auto object = [&](int line, int other) {
    const auto report =
        race("write", frame("Basket::add(int)", file, line), "read", frame("f(int)", file, other));
    return find_object(find_pair(report, {}, sources), report, sources);
  };
  EXPECT_EQ(object(1, 1), "items");
  EXPECT_EQ(object(1, 2), "items");
  EXPECT_EQ(object(3, 3), "");
  EXPECT_EQ(object(4, 4), "found");
}

TEST(Sources, ShowWhatAPointerLeadsTo) {
  const std::string file = testing::TempDir() + "pointer.cc";
  std::ofstream(file) << "*latest = 1;\n"
                         "return *latest + 1;\n"
                         "latest = next;\n"
                         "area = width *latest;\n";
  Sources sources({testing::TempDir()});
  const auto object = [&](int line, int other) {
    const auto report = race("write", frame("f()", file, line), "read", frame("g()", file, other));
    return find_object(find_pair(report, {}, sources), report, sources);
  };
  EXPECT_EQ(object(1, 2), "*latest");
  EXPECT_EQ(object(3, 2), "latest");
  EXPECT_EQ(object(1, 4), "latest");
}

TEST(Sources, ShowNoObjectOfADescriptor) {
  const std::string file = testing::TempDir() + "descriptor.cc";
  std::ofstream(file) << "write(fds[1], text, 1);\nclose(fds[1]);\n";
  Sources sources({testing::TempDir()});
  auto report = race("write", frame("closer()", file, 2), "read", frame("writer()", file, 1));
  Location location;
  location.kind = "fd";
  location.name = "4";
  report.locations = {location};
  EXPECT_EQ(find_object(find_pair(report, {}, sources), report, sources), "");
}

// A worker reads what start() and stop() write: two members, two pairs, two mistakes. What one
// function writes is one.
TEST(Causes, TellMembersThatOthersWriteApart) {
  const std::string file = testing::TempDir() + "server.cc";
  std::ofstream(file) << "struct Server {\n"
                         "  void start() { config_ = 1; }\n"
                         "  void stop() { stopping_ = true; }\n"
                         "  bool serve() { return stopping_ && config_; }\n"
                         "  void count() { ++hits_; ++misses_; }\n"
                         "  int hits() { return hits_; }\n"
                         "  int misses() { return misses_; }\n"
                         "};\n";
  const auto at = [&](const std::string& name, int line, int column) {
    auto found = frame("Server::" + name + "()", file, line);
    found.column = column;
    return found;
  };
  const auto serve_stopping = at("serve", 4, 25);
  const auto serve_config = at("serve", 4, 38);
  EXPECT_EQ(find_causes({race("write", at("start", 2, 26), "read", serve_config),
                         race("write", at("stop", 3, 27), "read", serve_stopping)},
                        {})
                .size(),
            2u);
  EXPECT_EQ(find_causes({race("write", at("count", 5, 18), "read", at("hits", 6, 23)),
                         race("write", at("count", 5, 27), "read", at("misses", 7, 25))},
                        {})
                .size(),
            1u);
}

// Two mistakes on one line, as gcc reports them: without columns.
TEST(Causes, TellTheAssignmentsOfALineApart) {
  const std::string file = testing::TempDir() + "one_line_each.cc";
  std::ofstream(file)
      << "std::thread a([&] { for (int i = 0; i < 9; ++i) put(i); done = true; });\n"
         "std::thread b([&] { while (!done) { if (lines.size()) dropped = 3; } });\n"
         "void put(int i) { lines.push_back(i); }\n";
  const auto lambda = [&](int line) { return frame("operator()", file, line); };
  auto done = race("write", lambda(1), "read", lambda(2));
  for (auto& access : done.accesses) access.stack.erase(access.stack.begin());
  const auto lines = race("write", frame("put(int)", file, 3), "read", lambda(2));
  const auto causes = find_causes({lines, done}, {});
  ASSERT_EQ(causes.size(), 2u);
  EXPECT_EQ(causes[1].object, "done");
}

// Without a column, which of a line's lambdas an access is in nothing tells.
TEST(Sources, ShowNoObjectOfOneLambdaOfSeveral) {
  const std::string file = testing::TempDir() + "two_lambdas.cc";
  std::ofstream(file) << "run([&] { p = q; }, [&] { q.data[9] = 1; p.b = 2; });\n"
                         "run([&] { all.push_back(1); }, [&] { other += all.size(); });\n"
                         "Table<int> t; run([&] { ref = 2; }, [=] { *p += 1; });\n";
  Sources sources({testing::TempDir()});
  const auto object = [&](int line) {
    const auto lambda = frame("operator()", file, line);
    auto report = race("write", lambda, "read", lambda);
    for (auto& access : report.accesses) access.stack.erase(access.stack.begin());
    return find_object(find_pair(report, {}, sources), report, sources);
  };
  EXPECT_EQ(object(1), "");
  EXPECT_EQ(object(2), "all");  // Whichever it is.
  EXPECT_EQ(object(3), "");
}

TEST(Sources, NameAGlobalAsTheSourceDoes) {
  const auto name = [](const std::string& global) {
    auto report = race("write", kAdd, "read", kFind);
    Location location;
    location.kind = "global";
    location.name = global;
    report.locations = {location};
    Sources sources;
    return find_object(find_pair(report, {}, sources), report, sources);
  };
  EXPECT_EQ(name("stats (.0)"), "stats");
  EXPECT_EQ(name("counts.1"), "counts");
  EXPECT_EQ(name("counts.llvm.12"), "counts");
  EXPECT_EQ(name("double& metrics::slot<double>()::t"), "metrics::slot<double>()::t");
  EXPECT_EQ(name("log(char const*, ...)::calls"), "log(char const*, ...)::calls");
  EXPECT_EQ(name("main::$_3::operator()() const::inst"), "inst");
}

TEST(Causes, DrawNothingFromTwoReportsMixed) {
  auto report = race("write", kAdd, "read", kFind);
  report.accesses[0].address = 0x1000;
  report.accesses[1].address = 0x2000;
  for (auto& access : report.accesses) access.size = 4;
  EXPECT_TRUE(is_mixed(report));
  report.accesses[1].address = 0x1002;
  EXPECT_FALSE(is_mixed(report));
}

// One destructor, run by two who have nothing to do with each other.
TEST(Causes, TellObjectsOfOneClassThatEndInTwoPlacesApart) {
  const auto ended_by = [](const Frame& owner, const Frame& user) {
    auto report = race("write", frame("ns::Node::~Node()", "/p/src/node.h", 7), "read", user);
    report.accesses[0].stack.push_back(owner);
    return report;
  };
  EXPECT_EQ(find_causes({ended_by(kAdd, kFind), ended_by(kOther, kOther)}, {}).size(), 2u);
  EXPECT_EQ(find_causes({ended_by(kAdd, kFind), ended_by(kAdd, kFind)}, {}).size(), 1u);
}

TEST(Causes, TellBlocksThatOneLineAllocatesApart) {
  const auto on_heap = [](const std::string& allocator, const Frame& a, const Frame& b) {
    auto report = race("write", a, "read", b);
    Location location;
    location.kind = "heap";
    location.stack = {frame("operator new(unsigned long)", "", 0),
                      frame(allocator, "/usr/include/c++/12/bits/new_allocator.h", 1),
                      frame("main", "/p/src/main.cc", 3)};
    report.locations = {location};
    return report;
  };
  const auto open = frame("ns::Session::open()", "/p/src/session.h", 5);
  const auto find = frame("ns::Collector::find(int) const", "/p/src/collector.h", 20);
  EXPECT_EQ(find_causes({on_heap("std::string::_M_create", open, open),
                         on_heap("std::make_shared", find, find)},
                        {})
                .size(),
            2u);
  EXPECT_EQ(
      find_causes(
          {on_heap("std::make_shared", open, open), on_heap("std::make_shared", find, find)}, {})
          .size(),
      1u);
}

// An unlock of a mutex that is gone is reported as a use of an invalid one too.
TEST(Causes, FoldTheMisuseOfOneMutexByOneCall) {
  const auto misuse = [](const std::string& kind, std::uint64_t mutex, int line) {
    Report report;
    report.kind = kind;
    report.stacks = {{frame("shutdown()", "/p/src/main.cc", line)}};
    report.mutexes.emplace_back().address = mutex;
    return report;
  };
  const std::string unlock = "unlock of an unlocked mutex (or by a wrong thread)";
  const std::string invalid = "use of an invalid mutex (e.g. uninitialized or destroyed)";
  EXPECT_EQ(find_causes({misuse(invalid, 1, 10), misuse(unlock, 1, 10)}, {}).size(), 1u);
  EXPECT_EQ(find_causes({misuse(invalid, 1, 10), misuse(unlock, 2, 10)}, {}).size(), 2u);
  EXPECT_EQ(find_causes({misuse(invalid, 1, 10), misuse(unlock, 1, 11)}, {}).size(), 2u);
}

TEST(Causes, TellRacesOfOtherLambdasOfOneFunctionApart) {
  const auto at = [](int lambda, int line) {
    return frame("main::$_" + std::to_string(lambda) + "::operator()() const", "/p/src/main.cc",
                 line);
  };
  const auto first = race("write", at(0, 10), "read", at(1, 20));
  EXPECT_EQ(find_causes({first, race("write", at(2, 30), "read", at(3, 40))}, {}).size(), 2u);
  EXPECT_EQ(find_causes({first, race("write", at(0, 11), "read", at(1, 21))}, {}).size(), 1u);
}

TEST(Causes, TellLockOrdersOfLambdasApart) {
  const auto order = [](int line) {
    Report report;
    report.kind = "lock-order-inversion (potential deadlock)";
    const auto at = [](int number) {
      return frame("main::$_" + std::to_string(number) + "::operator()() const", "/p/src/main.cc",
                   number);
    };
    report.edges = {edge("M1", "M0", "T1", at(line)), edge("M0", "M1", "T2", at(line + 1))};
    return report;
  };
  EXPECT_EQ(find_causes({order(1), order(3)}, {}).size(), 2u);
  EXPECT_EQ(find_causes({order(1), order(1)}, {}).size(), 1u);
}

TEST(Sources, ReadNothingButSources) {
  Sources sources({RACELAB_SOURCE_DIR});
  EXPECT_TRUE(sources.lines("/etc/passwd").empty());
  EXPECT_TRUE(sources.lines("/dev/zero").empty());
  EXPECT_FALSE(sources.line("scenarios/02_map_read_write/racy.h", 100'000));
  EXPECT_FALSE(sources.line("scenarios/02_map_read_write/racy.h", -1));
}

}  // namespace
}  // namespace lab::report
