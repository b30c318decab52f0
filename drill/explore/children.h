#pragma once

#include <functional>

namespace drill::explore {

// Makes `report` memory that this process shares with those it starts.
void share_report();

// Runs `work` in a child of its own, since a deadlock or a crash cannot be undone; what it found is
// in `report` afterwards. A child that stands still is killed, one that dies is told of.
void in_child(const std::function<void()>& work);

}  // namespace drill::explore
