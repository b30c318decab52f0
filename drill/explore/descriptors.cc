#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drill/explore/findings.h"
#include "drill/explore/next.h"
#include "drill/explore/thread.h"

// Reading where a thread waits for another: a pipe, a socket, an eventfd. The explorer does not
// know who writes there, and all its threads would wait with the one that reads.

namespace drill::explore {
namespace {

bool would_wait(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return false;
  const auto type = about.st_mode & S_IFMT;
  if (type != S_IFIFO && type != S_IFSOCK && type != 0) return false;  // 0: an eventfd, say.
  pollfd at_once{.fd = descriptor, .events = POLLIN, .revents = 0};
  return RACELAB_NEXT(poll)(&at_once, 1, 0) == 0 && (fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0;
}

}  // namespace
}  // namespace drill::explore

extern "C" {

ssize_t read(int descriptor, void* bytes, size_t size) {
  if (drill::explore::self != nullptr && drill::explore::would_wait(descriptor)) {
    conclude(drill::explore::Outcome::kUnsupported,
             "a thread reads from a pipe or a socket, which the explorer does not follow");
  }
  return RACELAB_NEXT(read)(descriptor, bytes, size);
}

}  // extern "C"
