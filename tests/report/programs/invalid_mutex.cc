// Reports: use of an invalid mutex (e.g. uninitialized or destroyed)
#include <pthread.h>

#include <cstring>

pthread_mutex_t mutex;

int main() {
  std::memset(&mutex, 0x77, sizeof mutex);
  pthread_mutex_lock(&mutex);
}
