#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/evidence.h"
#include "lab/report/own.h"
#include "lab/report/sources.h"

// Which reports are of one missing synchronisation.
namespace lab::report {

// Of each report, the first of those that it belongs with. `pairs` and `keys` are the reports', as
// find_pair() and find_object_key() give them. Two reports are joined on evidence only: the same
// memory, object or named member, the same allocation, the same two lines or the same two
// functions.
std::vector<std::size_t> join_reports(const std::vector<Report>& reports,
                                      const std::vector<Pair>& pairs,
                                      const std::vector<std::string>& keys, const Own& own,
                                      Sources& sources);

}  // namespace lab::report
