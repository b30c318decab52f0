# cmake -D SESSION=recorded.txt -D SOURCE=recorded.cc -P embed.cmake: writes a source that holds the
# session as text, so that a pair reads it from itself wherever and however confined it runs.
file(READ "${SESSION}" text)
file(WRITE "${SOURCE}" "#include <string_view>
// Longer than compilers must take, shorter than ours do.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"
namespace redis {
extern const std::string_view recorded_text;  // redis/session.cc reads it.
const std::string_view recorded_text = R\"session(${text})session\";
}  // namespace redis
")
