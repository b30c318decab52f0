#pragma once

#include <string>
#include <vector>

#include "lab/report/report.h"

namespace lab::report {

// What is the user's own code: the frames that an explanation points at.
struct Own {
  // Files and folders. A frame is own when its file is one of these, stands below one, or ends in
  // one ("src/cache" owns /home/me/project/src/cache/lru.cc); one that is named from the root owns
  // what the compiler named from further down (/home/me/project/src owns src/lru.cc). The runtime's
  // and the system's libraries are nobody's. With none, everything is own but the standard library,
  // the system, the sanitizer, test frameworks and vendored libraries.
  std::vector<std::string> paths;

  bool owns(const Frame& frame) const;
};

}  // namespace lab::report
