#pragma once

#include <string>
#include <vector>

#include "lab/measure/bench.h"

namespace lab::measure {

// The variants in the order in which they are shown: the baseline, the four strategies, others.
std::vector<const Measured*> in_order(const ScenarioBench& scenario);
std::string shown_name(const std::string& variant);  // "bare" is "bare TBB map".

// A duration in nanoseconds as "85 ns", "1.2 us"; a rate as "1,234k".
std::string shown_duration(double nanoseconds);
std::string shown_rate(double calls_per_s);

// Rows of cells as text in columns, the first left-aligned, others right-aligned; or as Markdown.
// The first row is the head.
using Rows = std::vector<std::vector<std::string>>;
std::string text_table(const Rows& rows);
std::string markdown_table(const Rows& rows);

}  // namespace lab::measure
