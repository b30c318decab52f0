// Reports: read lock of a write locked mutex; read unlock of a write locked mutex
extern "C" {
void __tsan_mutex_create(void* address, unsigned flags);
void __tsan_mutex_pre_lock(void* address, unsigned flags);
void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* address, unsigned flags);
void __tsan_mutex_post_unlock(void* address, unsigned flags);
}

constexpr unsigned kRead = 1 << 3;  // __tsan_mutex_read_lock

int first = 0;
int second = 0;

void lock(int* mutex, unsigned how) {
  __tsan_mutex_pre_lock(mutex, how);
  __tsan_mutex_post_lock(mutex, how, 0);
}

void unlock(int* mutex, unsigned how) {
  __tsan_mutex_pre_unlock(mutex, how);
  __tsan_mutex_post_unlock(mutex, how);
}

int main() {
  __tsan_mutex_create(&first, 0);
  lock(&first, 0);
  lock(&first, kRead);
  __tsan_mutex_create(&second, 0);
  lock(&second, 0);
  unlock(&second, kRead);
}
