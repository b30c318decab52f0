#include "lab/report/own.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace lab::report {
namespace {

// Parts of paths that are nobody's own code.
constexpr std::array<std::string_view, 38> kForeignPaths = {"/usr/include/",
                                                            "/usr/lib/",
                                                            "/usr/lib64/",
                                                            "/usr/local/include/",
                                                            "/usr/src/",
                                                            "/opt/homebrew/",
                                                            "/include/c++/",
                                                            "/c++/v1/",
                                                            "/lib/gcc/",
                                                            "/lib/clang/",
                                                            "/libsanitizer/",
                                                            "/compiler-rt/",
                                                            "/sanitizer_common/",
                                                            "/libstdc++-v3/",
                                                            "/libcxx/",
                                                            "/googletest/",
                                                            "/gtest/",
                                                            "/gmock/",
                                                            "/catch2/",
                                                            "/doctest/",
                                                            "/googlebenchmark/",
                                                            "/oneapi/tbb/",
                                                            "/oneTBB/",
                                                            "/third_party/",
                                                            "/third-party/",
                                                            "/3rdparty/",
                                                            "/_deps/",
                                                            "/vcpkg_installed/",
                                                            "/.conan",
                                                            "/rustc/",
                                                            "/.cargo/registry/",
                                                            "/library/std/src/",
                                                            "/library/core/src/",
                                                            "/Xcode.app/",
                                                            "/sysdeps/",
                                                            "/bits/stl_",
                                                            "/drill/standard_library.",
                                                            "/drill/fenced_atomics."};

// Libraries that every program loads. Their debug information names files as in their own trees
// ("nptl/pthread_create.c"), so that only the module tells.
constexpr std::array<std::string_view, 16> kForeignModules = {
    "libc.so",  "libc-",   "ld-linux",    "ld-",       "libpthread", "libstdc++",
    "libc++",   "libtsan", "libclang_rt", "libgcc_s",  "libm.so",    "libgtest",
    "libgmock", "libtbb",  "libdispatch", "libsystem_"};

// The sanitizer's, and those of test frameworks: drill is the one of this project's contracts.
constexpr std::array<std::string_view, 7> kForeignFunctions = {
    "__tsan", "__interceptor_", "__sanitizer", "__wrap_", "testing::", "drill::", "Catch::"};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// clang finds its headers from where it lies: "/usr/bin/../lib/gcc/x86_64-linux-gnu/12/../..".
std::string without_detours(const std::string& file) {
  if (file.find("/../") == std::string::npos) return file;
  return std::filesystem::path(file).lexically_normal();
}

bool is_foreign(const Frame& frame) {
  const auto file = "/" + without_detours(frame.file);
  const auto contains = [&](std::string_view part) { return file.find(part) != std::string::npos; };
  if (std::any_of(kForeignPaths.begin(), kForeignPaths.end(), contains)) return true;
  const auto name = base_name(frame.file);
  if (name.starts_with("tsan_") || name.starts_with("sanitizer_")) return true;
  const auto begins = [&](std::string_view part) { return frame.function.starts_with(part); };
  if (std::any_of(kForeignFunctions.begin(), kForeignFunctions.end(), begins)) return true;
  const auto module = base_name(frame.module);
  return std::any_of(kForeignModules.begin(), kForeignModules.end(),
                     [&](std::string_view library) { return module.starts_with(library); });
}

// "src/cache" is all of, the beginning of, or the end of "/home/me/src/cache", in whole components.
bool lies_in(std::string_view file, std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() || path == ".") return true;
  for (auto at = file.find(path); at != std::string_view::npos; at = file.find(path, at + 1)) {
    const auto end = at + path.size();
    const bool begins = at == 0 || (path.front() != '/' && file[at - 1] == '/');
    const bool ends = end == file.size() || file[end] == '/' || path == "/";
    if (begins && ends) return true;
  }
  return false;
}

// What every program has from its toolchain and its system, whatever the paths of both look like:
// gcc names its runtime's files "../../../../src/libsanitizer/…".
bool is_runtime(const Frame& frame) {
  constexpr std::array<std::string_view, 5> kParts = {
      "/libsanitizer/", "/compiler-rt/", "/sanitizer_common/", "/libstdc++-v3/", "/sysdeps/"};
  const auto has = [&](std::string_view part) {
    return frame.file.find(part) != std::string::npos;
  };
  constexpr std::array<std::string_view, 6> kModules = {"libtsan",    "libclang_rt", "libc.so",
                                                        "libstdc++.", "libpthread.", "ld-linux"};
  const auto module = base_name(frame.module);
  return std::any_of(kParts.begin(), kParts.end(), has) ||
         std::any_of(kModules.begin(), kModules.end(),
                     [&](std::string_view library) { return module.starts_with(library); });
}

// Whether a file that the compiler was given as a relative path may lie in a folder that is named
// from the root: "src/bank.cc" in "/home/me/project/src".
bool may_lie_in(std::string_view file, std::string_view path) {
  if (file.starts_with('/') || !path.starts_with('/')) return false;
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  for (auto end = file.find('/'); end != file.npos; end = file.find('/', end + 1)) {
    if (path.ends_with("/" + std::string(file.substr(0, end)))) return true;
  }
  return path.ends_with("/" + std::string(file));
}

}  // namespace

bool Own::owns(const Frame& frame) const {
  if (frame.file.empty()) return false;
  if (paths.empty()) return !is_foreign(frame);
  if (is_runtime(frame)) return false;
  const auto file = frame.file.find("..") == std::string::npos
                        ? frame.file
                        : std::filesystem::path(frame.file).lexically_normal().string();
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return lies_in(file, path) || may_lie_in(file, path);
  });
}

}  // namespace lab::report
