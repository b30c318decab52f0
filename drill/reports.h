#pragma once

namespace drill {

// How many reports the sanitizer's runtime has made in this process so far; 0 where none is
// linked. Thread-safe. A report also fails the test that is running.
int reports_seen();

}  // namespace drill
