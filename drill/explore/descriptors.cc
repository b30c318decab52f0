#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drill/explore/findings.h"
#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/thread.h"

// Pipes, sockets and eventfds. Whoever reads there comes to know what writers knew; which of them
// is not asked, so all are taken for one. To wait there for another thread is not followed: all
// threads of the explorer would wait with the one that reads.

namespace drill::explore {
namespace {

bool leads_to_others(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return false;
  const auto type = about.st_mode & S_IFMT;
  return type == S_IFIFO || type == S_IFSOCK || type == 0;  // 0: an eventfd and its like.
}

bool would_wait(int descriptor) {
  pollfd at_once{.fd = descriptor, .events = POLLIN, .revents = 0};
  return RACELAB_NEXT(poll)(&at_once, 1, 0) == 0 && (fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0;
}

Object& all_descriptors() {
  static char place;
  return object_at(reinterpret_cast<Address>(&place), ObjectKind::kFence);
}

}  // namespace
}  // namespace drill::explore

using drill::explore::self;

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (self != nullptr && drill::explore::leads_to_others(descriptor)) {
    drill::explore::release(*self, drill::explore::all_descriptors());
  }
  return RACELAB_NEXT(write)(descriptor, bytes, size);
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  const bool from_others = self != nullptr && drill::explore::leads_to_others(descriptor);
  if (from_others && drill::explore::would_wait(descriptor)) {
    conclude(drill::explore::Outcome::kUnsupported,
             "a thread waits at a pipe or a socket, which the explorer does not follow");
  }
  const auto got = RACELAB_NEXT(read)(descriptor, bytes, size);
  if (from_others && got > 0) {
    drill::explore::acquire(*self, drill::explore::all_descriptors());
  }
  return got;
}

}  // extern "C"
