#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lab/course/course.h"
#include "lab/verdict/judge.h"

namespace lab::verdict {

// How one variant went: whether every run gave what the course states.
struct Row {
  course::Variant variant;
  bool ok = false;  // Every run was as stated, and there was one.
  int runs = 0;
  int runs_as_stated = 0;
  std::map<std::string, int> verdicts;  // How often each was given.
  std::string why;                      // Of the first run that was not as stated.
  double seconds = 0;
  Judgement shown;  // That run's, or the last one's.
};

struct VerifyOptions {
  int runs = 1;
  int jobs = 2;
  const std::atomic<bool>* stop = nullptr;                       // Set: no further run begins.
  std::function<void(const Row& row, std::size_t done)> on_row;  // One at a time, in any order.
};

// Judges each variant and compares with what the course states. Rows come in the variants' order.
std::vector<Row> verify(const course::Course& course, const std::vector<course::Variant>& variants,
                        const Judge& judge, const VerifyOptions& options);

// Part I of N, I from 1: every N-th, so that parts take about as long as each other.
std::vector<course::Variant> shard(const std::vector<course::Variant>& variants, int i, int n);

}  // namespace lab::verdict
