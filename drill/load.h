#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "drill/drill.h"
#include "redis/session.h"

namespace drill {

// The shape of Kyanos under load: a capture thread for each connection of the session adds that
// connection's records in order, while one more, the UI, calls `look` with a record of the session
// now and then, `kLooks` times. For tests whose name begins with "Load".
template <class Add, class Look>
void play(const redis::Session& session, Add add, Look look) {
  constexpr std::size_t kLooks = 100;
  const auto connections = redis::by_connection(session);
  Functions functions;
  for (const auto& records : connections) {
    functions.emplace_back([&records, &add] {
      for (const auto& record : records) add(record);
    });
  }
  functions.emplace_back([&session, &look] {
    for (std::size_t i = 0; i < kLooks; ++i) look(session[i * session.size() / kLooks]);
  });
  concurrently(std::move(functions));
}

}  // namespace drill
