#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "drill/confine.h"

namespace drill {

// What a pair tells the judge, one JSON object a line, appended to the file named by --events (none
// without it):
//   {"event":"begin","engine":"in_turn","tests":5,"instrumented":true}
//   {"event":"test","name":"MapReadWrite.Find…","rounds":2,"failed":false,"reports":0}
//   {"event":"failure","test":"…","file":"…","line":12,"message":"…"}
//   {"event":"stuck","test":"…","functions":1,"of":2,"seconds":10}
//   {"event":"end","engine":"in_turn","tests":5,"failed":1}
// Under a judge (meet_judge) they go to its socket instead, each line signed (drill/proof.h). Any
// thread may emit; the others are for the main thread.
void open_events(const std::string& file);
void emit(std::string_view json_line);
std::string json_string(std::string_view text);  // As a JSON string.

// For the judge's processes, before any code under judgement runs: takes the socket that the
// environment's RACELAB_JUDGE names and the key that waits in it, and gives up what judged code
// must not do. Without that variable it does nothing.
void meet_judge(Confine whom);
// For a copy of the process that runs tests and must not speak to the judge itself.
void leave_judge();

// Emits "stuck", waits for the judge to take stacks and end us (at most ten seconds; not at all
// when no judge reads the events), and ends the process with the exit code of a time-out, 14.
[[noreturn]] void report_stuck(std::size_t functions, std::size_t of, int seconds);

void set_running_test(std::string_view test);

}  // namespace drill
