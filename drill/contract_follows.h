#pragma once

// Stands in a pair's collector.h, which is generated, behind the variant: what follows is the
// contract. Its tests are compiled anew with every variant, run a few times, and wait for what they
// call; optimising them was more than a third of the time from a learner's save to the verdict. The
// variant and the library, above, stay as they are. (With g++ the same would reach the library's
// templates, which it instantiates at the end: the explorer then takes too long.)
#if defined(__clang__)
#if __has_feature(thread_sanitizer)
#pragma clang optimize off
#endif
#endif
