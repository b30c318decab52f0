#pragma once

#include <map>
#include <string>
#include <utility>

#include "lab/report/sources.h"

namespace lab::report {

// Which class a line of source stands in. It reads braces, not C++: what a macro opens or closes
// misleads it. Remembers what it found. Not thread-safe.
class Classes {
 public:
  explicit Classes(Sources& sources) : sources_(sources) {}

  // The bare name of the innermost class whose body holds the beginning of the line, counted from
  // 1. Empty when there is none or the file is not found.
  const std::string& around(const std::string& file, int line) { return at(file, line).name; }
  // Whether what is declared there is private in that class.
  bool is_hidden(const std::string& file, int line) { return at(file, line).hidden; }

  struct Class {
    std::string name;
    bool hidden = false;  // What stands here.
  };

 private:
  const Class& at(const std::string& file, int line);

  Sources& sources_;
  std::map<std::pair<std::string, int>, Class> known_;
};

}  // namespace lab::report
