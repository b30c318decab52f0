#pragma once

#include "redis/session.h"

namespace drill {

// A call of a function object that outlives it, with a record: as Call, one type for all of them.
struct RecordCall {
  const void* callee;
  void (*invoke)(const void*, const redis::Record&);
  void operator()(const redis::Record& record) const { invoke(callee, record); }
};

template <class F>
RecordCall record_call_of(F& function) {
  return {&function, [](const void* callee, const redis::Record& record) {
            (*static_cast<F*>(const_cast<void*>(callee)))(record);
          }};
}

// The shape of Kyanos under load: a capture thread for each connection of the session adds that
// connection's records in order, while one more, the UI, calls `look` with a record of the session
// now and then, a hundred times. For tests whose name begins with "Load".
void play(const redis::Session& session, RecordCall add, RecordCall look);

template <class Add, class Look>
void play(const redis::Session& session, Add add, Look look) {
  play(session, record_call_of(add), record_call_of(look));
}

}  // namespace drill
