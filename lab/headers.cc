#include "lab/headers.h"
