#include "lab/report/sources.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "lab/report/utf8.h"

namespace lab::report {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileMax = 8 << 20;
constexpr std::size_t kFilesMax = 256;
constexpr int kRootsMax = 8;

bool is_source(const fs::path& path) {
  constexpr std::array<std::string_view, 23> kEndings = {
      ".h",  ".hh", ".hpp",   ".hxx",  ".inc", ".inl", ".ipp", ".tcc",
      ".c",  ".cc", ".cpp",   ".cxx",  ".c++", ".C",   ".cu",  ".m",
      ".mm", ".rs", ".swift", ".java", ".go",  ".ixx", ".cppm"};
  const auto ending = path.extension().string();
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool is_readable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && fs::file_size(path, error) <= kFileMax && !error;
}

}  // namespace

Sources::Sources() {
  std::error_code error;
  auto root = fs::current_path(error);
  checkout_ = root;
  for (int i = 0; i < kRootsMax && !error; ++i) {
    roots_.push_back(root);
    if (fs::exists(root / ".git", error)) {
      checkout_ = root;
      break;
    }
    if (root == root.root_path()) break;
    root = root.parent_path();
  }
}

fs::path Sources::find(const std::string& file) const {
  const fs::path path(file);
  if (file.empty() || !is_source(path)) return {};
  if (is_readable(path)) return path;
  // Two folders or more of the path must agree, so that another project's file is not shown.
  std::vector<fs::path> parts;
  for (const auto& part : path.relative_path().lexically_normal()) {
    if (part != "..") parts.push_back(part);
  }
  const bool relative = path.is_relative();
  for (const auto& root : roots_) {
    for (std::size_t skip = 0; skip + (relative ? 1 : 2) <= parts.size(); ++skip) {
      fs::path end;
      for (auto i = skip; i < parts.size(); ++i) end /= parts[i];
      if (is_readable(root / end)) return root / end;
      if (relative) break;
    }
  }
  return {};
}

std::string Sources::path_in_checkout(const std::string& file) const {
  std::error_code error;
  const auto found = find(file);
  const auto path = fs::weakly_canonical(found.empty() ? fs::path(file) : found, error);
  if (!found.empty() && !error && !checkout_.empty()) {
    const auto below = path.lexically_relative(fs::weakly_canonical(checkout_, error));
    if (!below.empty() && *below.begin() != "..") return below.string();
    return path.string();
  }
  auto tidy = fs::path(file).lexically_normal().string();
  while (tidy.starts_with("../")) tidy.erase(0, 3);
  return tidy;
}

const std::vector<std::string>& Sources::lines(const std::string& file) {
  const auto known = files_.find(file);
  if (known != files_.end()) return known->second;
  if (files_.size() >= kFilesMax) files_.clear();
  auto& lines = files_[file];
  const auto path = find(file);
  if (path.empty()) return lines;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(is_utf8(line) ? std::move(line) : valid_utf8(line));
  }
  return lines;
}

std::optional<std::string> Sources::line(const std::string& file, int number) {
  const auto& all = lines(file);
  if (number < 1 || static_cast<std::size_t>(number) > all.size()) return std::nullopt;
  return all[static_cast<std::size_t>(number) - 1];
}

}  // namespace lab::report
