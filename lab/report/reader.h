#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <string_view>
#include <vector>

#include "lab/report/report.h"

namespace lab::report {

// Finds ThreadSanitizer's reports in any stream of text: between other output, behind the prefixes
// that ctest -V and log collectors put before each line, of several processes that write at once,
// and in what is truncated or garbled. Lines of two open reports are told apart by what fits: the
// next frame's number, the address, the mutex, the program's name. Memory is bounded: see
// reader.cc.
class Reader {
 public:
  // Called for each report once it is complete, in the order of their headers.
  using Sink = std::function<void(Report)>;

  explicit Reader(Sink sink);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void feed(std::string_view bytes);
  // The stream has ended: hands over what is still open.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

std::vector<Report> read_reports(std::string_view text);
std::vector<Report> read_reports(std::istream& stream);

}  // namespace lab::report
