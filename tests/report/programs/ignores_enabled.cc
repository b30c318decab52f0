// Reports: none
// Error: finished with ignores enabled
// A thread ends while it ignores accesses: a complaint, not a report.
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);

int main() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
