#pragma once

#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/explain.h"
#include "lab/report/report.h"
#include "lab/report/sources.h"

// What was found, in the forms that people and machines read. Every writer takes the reports of a
// run and their causes, find_causes(reports, own, sources).
namespace lab::report {

struct Context {
  Own own;                     // As given to find_causes().
  Sources* sources = nullptr;  // Required.
  std::set<std::string>
      scenarios;  // Of the course, those that can be named as reading; may be empty.
  std::string program = "racelab";  // What the reader types to begin one of them.
};

struct TextOptions {
  bool color = false;
  int width = 80;           // Columns; prose is wrapped to it, sources are not.
  bool full_names = false;  // Whole template names, whole parameter lists.
  bool raw = false;         // Each cause's reports as they were printed, behind its explanation.
  bool brief = false;       // Who did what to what, and the lines; no meaning, fixes, facts.
};

void write_text(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context,
                const TextOptions& options);
// One cause of them, as the judge shows it.
void write_cause(std::ostream& out, const std::vector<Report>& reports, const Cause& cause,
                 const Context& context, const TextOptions& options);

// {"reports":[…],"causes":[…],"errors":[…]}; errors are fatal signals, which are no reports.
void write_json(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context);

// SARIF 2.1.0: a result a cause.
void write_sarif(std::ostream& out, const std::vector<Report>& reports,
                 const std::vector<Cause>& causes, const Context& context);

struct SarifRemark {
  std::string level = "error";  // "note", "warning"
  std::string text;             // A sentence in front of each message.
};

// What is found without a report, on a file as a whole.
struct SarifFinding {
  std::string rule;   // "not-as-stated"
  std::string title;  // Of the rule, and its help.
  std::string help;
  std::string message;
  std::string file;
};

// The same of many runs together, in one log.
class SarifLog {
 public:
  SarifLog();
  ~SarifLog();

  void add(const std::vector<Report>& reports, const std::vector<Cause>& causes,
           const Context& context, const SarifRemark& remark);
  void add(const SarifFinding& finding, const Sources& sources);
  void write(std::ostream& out) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

// JUnit XML: a failed test case for each GoogleTest case that had reports, one a cause for others.
void write_junit(std::ostream& out, const std::vector<Report>& reports,
                 const std::vector<Cause>& causes, const Context& context);

// Annotations of GitHub's workflows, "::error file=…,line=…::…".
void write_github(std::ostream& out, const std::vector<Report>& reports,
                  const std::vector<Cause>& causes, const Context& context);

// One page that needs nothing else.
void write_html(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context);

// "13 reports, 2 causes", "13 reports, 2 causes; and a crash", which came of them as often as not.
std::string totals(const std::vector<Report>& reports, const std::vector<Cause>& causes);

// Where the course teaches what the explanation is about, if it is there: "05_wrong_lock".
std::string reading(const Explanation& explanation, const Context& context);

}  // namespace lab::report
