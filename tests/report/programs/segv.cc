// Reports: none
// Error: SEGV
// Options: handle_segv=1
int* volatile nowhere = nullptr;

__attribute__((noinline)) void crash() { *nowhere = 1; }

int main() { crash(); }
