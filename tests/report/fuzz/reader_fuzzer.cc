#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/report/names.h"
#include "lab/report/reader.h"

// The reader and the names of what it read, on any bytes. The first byte says in pieces of which
// size the rest arrives: reports must not depend on it.
namespace {

using lab::report::Reader;
using lab::report::Report;
using lab::report::Stack;

std::vector<Report> read(std::string_view bytes, std::size_t piece) {
  std::vector<Report> reports;
  Reader reader([&](Report report) { reports.push_back(std::move(report)); });
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(bytes.substr(at, piece));
  reader.finish();
  return reports;
}

void name(const Stack& stack) {
  for (const auto& frame : stack) {
    lab::report::short_name(frame.function);
    lab::report::bare_name(frame.function);
    lab::report::enclosing_function(frame.function);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read(bytes, bytes.size() + 1);
  const auto pieces = read(bytes, data[0] % 97 + 1);
  if (whole.size() != pieces.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].text != pieces[i].text) std::abort();
    for (const auto& access : whole[i].accesses) name(access.stack);
    for (const auto& stack : whole[i].stacks) name(stack);
    for (const auto& thread : whole[i].threads) name(thread.created);
  }
  return 0;
}
