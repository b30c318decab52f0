#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drill/explore/findings.h"
#include "drill/explore/object_names.h"

namespace drill::explore {

// "main", "T1".
std::string thread_name(int slot);

// What the objects of a story are called, and which memory its threads share: what at least two
// threads that ran together touched, one of them to write.
class StoryNames {
 public:
  // `call_of`: where a step stands in the user's code.
  StoryNames(const Report& report, const std::function<Call(const StepRecord&)>& call_of);

  // Of a synchronisation object: as the source has it, with a number where several go by that
  // name; "mutex 1" where the source does not say.
  std::string of(ObjectKind kind, int number, Address address) const;
  // Of what step number `at` works on; empty where it cannot be told.
  std::string of_step(int at) const;
  // Whether the plain access at step `at` is to memory that its threads share.
  bool is_shared(int at) const { return cell_of_[static_cast<std::size_t>(at)] >= 0; }

 private:
  // Eight bytes between an allocation and its end.
  struct Cell {
    int slot = -1;
    bool several = false, written = false;
    std::vector<int> accesses;
  };

  void name_objects(const std::function<Call(const StepRecord&)>& call_of);
  void find_shared(const std::function<Call(const StepRecord&)>& call_of);
  std::vector<Cell> cells() const;

  const Report& report_;
  std::map<std::pair<ObjectKind, int>, std::string> objects_;
  std::vector<int> cell_of_;  // Of each step; -1: none that is shared.
  std::vector<std::string> cell_names_;
};

}  // namespace drill::explore
