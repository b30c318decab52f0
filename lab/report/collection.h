#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "lab/report/report.h"

namespace lab::report {

// The reports of a log of any length, in bounded memory: all of the first, then those that say
// something new, up to a budget; the rest are counted.
class Collection {
 public:
  void add(Report report);

  const std::vector<Report>& reports() const { return reports_; }
  std::vector<Report>& reports() { return reports_; }
  // Reports that were left out: those like one that is kept, and those unlike any.
  std::size_t repeated() const { return repeated_; }
  std::size_t dropped() const { return dropped_; }

 private:
  std::vector<Report> reports_;
  std::unordered_set<std::uint64_t> seen_;
  std::size_t bytes_ = 0;
  std::size_t repeated_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace lab::report
