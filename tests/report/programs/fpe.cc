// Reports: none
// Error: FPE
// Options: handle_sigfpe=1
volatile int zero = 0;

int main() { return 1000 / zero; }
