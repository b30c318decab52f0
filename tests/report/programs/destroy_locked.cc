// Reports: destroy of a locked mutex
// On the heap, locked by the same thread.
#include <pthread.h>

int main() {
  auto* mutex = new pthread_mutex_t;
  pthread_mutex_init(mutex, nullptr);
  pthread_mutex_lock(mutex);
  pthread_mutex_destroy(mutex);
  delete mutex;
}
