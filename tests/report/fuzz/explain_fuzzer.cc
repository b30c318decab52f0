#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "lab/report/causes.h"
#include "lab/report/format/formats.h"
#include "lab/report/reader.h"
#include "lab/report/sources.h"

// From any bytes to each form that a report is shown in: causes, explanations, all that is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace report = lab::report;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto reports = report::read_reports(bytes);
  report::Sources sources;
  report::Context context{.own = {}, .sources = &sources, .scenarios = {"05_wrong_lock"}};
  if ((data[0] & 1) != 0) context.own.paths = {"main.cc"};
  const auto causes = report::find_causes(reports, context.own, sources);
  std::ostringstream out;
  report::write_text(out, reports, causes, context,
                     {.color = (data[0] & 2) != 0,
                      .width = 20 + data[0] / 2,
                      .full_names = (data[0] & 4) != 0,
                      .raw = true,
                      .brief = (data[0] & 8) != 0});
  report::write_json(out, reports, causes, context);
  report::write_sarif(out, reports, causes, context);
  report::write_junit(out, reports, causes, context);
  report::write_github(out, reports, causes, context);
  report::write_html(out, reports, causes, context);
  return 0;
}
