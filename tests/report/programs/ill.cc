// Reports: none
// Error: ILL
// Options: handle_sigill=1
int main() { __builtin_trap(); }
