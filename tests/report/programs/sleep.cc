// Reports: data race
// Only a sleep stands between the two.
#include <unistd.h>

#include <thread>

int result = 0;

int main() {
  std::thread worker([] { result = 1; });
  sleep(1);
  result = 2;
  worker.join();
}
