#include "drill/load.h"

#include <cstddef>
#include <utility>

#include "drill/drill.h"

namespace drill {

void play(const redis::Session& session, RecordCall add, RecordCall look) {
  constexpr std::size_t kLooks = 100;
  const auto connections = redis::by_connection(session);
  Functions functions;
  for (const auto& records : connections) {
    functions.emplace_back([&records, add] {
      for (const auto& record : records) add(record);
    });
  }
  functions.emplace_back([&session, look] {
    for (std::size_t i = 0; i < kLooks; ++i) look(session[i * session.size() / kLooks]);
  });
  concurrently(std::move(functions));
}

}  // namespace drill
