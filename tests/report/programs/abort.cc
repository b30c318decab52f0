// Reports: none
// Error: ABRT
// Options: handle_abort=1
#include <cstdlib>

int main() { std::abort(); }
