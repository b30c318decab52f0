#include "lab/verdict/verify.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace lab::verdict {
namespace {

Row judge_row(const course::Course& course, const course::Variant& variant, const Judge& judge,
              const VerifyOptions& options) {
  Row row;
  row.variant = variant;
  const auto& fault = course.scenario(variant.scenario).fault;
  for (int i = 0; i < options.runs; ++i) {
    if (options.stop && options.stop->load()) break;
    auto judgement = judge.judge(variant);
    const auto stated = as_stated(judgement, variant, fault);
    ++row.runs;
    ++row.verdicts[std::string(name(judgement.verdict))];
    row.seconds += judgement.seconds;
    row.runs_as_stated += stated.ok;
    const bool first_wrong = !stated.ok && row.why.empty();
    if (first_wrong) row.why = stated.why;
    if (first_wrong || row.why.empty()) row.shown = std::move(judgement);
  }
  row.ok = row.runs > 0 && row.runs_as_stated == row.runs;
  if (row.runs == 0) row.why = "not run";
  return row;
}

}  // namespace

std::vector<Row> verify(const course::Course& course, const std::vector<course::Variant>& variants,
                        const Judge& judge, const VerifyOptions& options) {
  std::vector<Row> rows(variants.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // Guards done and calls of on_row.
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < variants.size(); i = next.fetch_add(1)) {
      rows[i] = judge_row(course, variants[i], judge, options);
      const std::lock_guard lock(mutex);
      ++done;
      if (options.on_row) options.on_row(rows[i], done);
    }
  };
  std::vector<std::jthread> workers;
  const auto jobs =
      std::min<std::size_t>(static_cast<std::size_t>(std::max(options.jobs, 1)), variants.size());
  for (std::size_t i = 0; i < jobs; ++i) workers.emplace_back(work);
  workers.clear();
  return rows;
}

std::vector<course::Variant> shard(const std::vector<course::Variant>& variants, int i, int n) {
  std::vector<course::Variant> result;
  for (auto k = static_cast<std::size_t>(i - 1); k < variants.size();
       k += static_cast<std::size_t>(n)) {
    result.push_back(variants[k]);
  }
  return result;
}

}  // namespace lab::verdict
