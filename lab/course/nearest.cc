#include "lab/course/nearest.h"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace lab::course {
namespace {

constexpr std::size_t kTextMax = 64;  // What is longer is no slip.
constexpr std::size_t kNearestMax = 3;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// How many slips make `text` of the part of `name` that it is closest to.
std::size_t slips(std::string_view text, std::string_view name) {
  // A row for each letter of the text; the part may begin anywhere, so that the first is all zeros.
  std::vector<std::vector<std::size_t>> rows(text.size() + 1,
                                             std::vector<std::size_t>(name.size() + 1, 0));
  for (std::size_t i = 1; i <= text.size(); ++i) {
    rows[i][0] = i;
    for (std::size_t j = 1; j <= name.size(); ++j) {
      const bool same = text[i - 1] == name[j - 1];
      rows[i][j] = std::min({rows[i - 1][j - 1] + !same, rows[i - 1][j] + 1, rows[i][j - 1] + 1});
      const bool swapped =
          i > 1 && j > 1 && text[i - 1] == name[j - 2] && text[i - 2] == name[j - 1];
      if (swapped) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return *std::min_element(rows.back().begin(), rows.back().end());
}

}  // namespace

std::vector<std::string> nearest(std::string_view text, const std::vector<std::string>& names) {
  if (text.size() < 2 || text.size() > kTextMax) return {};
  const auto typed = lower(text);
  using Rank = std::tuple<std::size_t, std::size_t, std::string>;
  std::vector<Rank> ranks;
  for (const auto& name : names) {
    const auto count = slips(typed, lower(name));
    const auto unlike = std::max(name.size(), text.size()) - std::min(name.size(), text.size());
    if (count <= text.size() / 3) ranks.emplace_back(count, unlike, name);
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.resize(std::min(ranks.size(), kNearestMax));
  std::vector<std::string> result;
  result.reserve(ranks.size());
  for (const auto& rank : ranks) result.push_back(std::get<2>(rank));
  return result;
}

}  // namespace lab::course
