#include "redis/record.h"

#include <ostream>

namespace redis {

void PrintTo(const Record& record, std::ostream* out) {
  *out << record.command << (record.key.empty() ? "" : " ") << record.key << " (connection "
       << record.connection << ", sequence " << record.sequence << ", " << record.request_bytes
       << "+" << record.response_bytes << " bytes, " << record.latency_us << " us"
       << (record.status == Status::kError ? ", an error)" : ")");
}

}  // namespace redis
