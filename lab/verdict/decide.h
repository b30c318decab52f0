#pragma once

#include <string>
#include <vector>

#include "lab/verdict/engine_run.h"
#include "lab/verdict/judge.h"

// From what the engines' runs showed to a verdict.
namespace lab::verdict {

void conclude(Judgement& judgement, Verdict verdict, std::string reason);
void conclude(Judgement& judgement, const Events::Explored& found);

// The explorer's first finding; null when it found nothing. That it cannot follow a program (code
// without instrumentation, or that is not deterministic), or that a schedule is longer than may be,
// is no finding, only not exhausted: what hangs, hangs under the other engines. A livelock is one:
// threads go round in what nobody will change any more; and so is a standstill.
const Events::Explored* first_found(const std::vector<Events::Explored>& explored);

// Adds what one engine's run showed to what is known.
void note(const EngineRun& run, const std::string& engine, Judgement& judgement);

// Decides from what one engine's run showed; false when it showed nothing wrong. Where the reports
// are `excused`, data races and orders of locks among them do not count; everything else does.
// `own_reports` of all are this run's. The cause that the verdict is about comes first.
bool decide(const EngineRun& run, std::size_t own_reports, Judgement& judgement, bool excused);

// "nothing found in 38 orders and 301 repeats, nor in ..."
std::string what_was_tried(const Tried& tried);

}  // namespace lab::verdict
