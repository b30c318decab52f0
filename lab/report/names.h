#pragma once

#include <string>
#include <string_view>

// Names of functions, as demanglers write them or mangled, made readable.
namespace lab::report {

// The qualified name without return type, parameters, allocators and hashes:
// "std::unordered_map<std::string, …>::find", "Collector::add", "lambda in Collector::add".
std::string short_name(std::string_view function);

// The last part alone: "add", "~Collector", "operator==", "operator()". A lambda is "lambda" in
// every compiler's form, "main::$_0::operator()() const", "main()::{lambda()#1}::operator()()
// const" or plain "operator()" (gcc, which knows no more).
std::string bare_name(std::string_view function);

bool is_lambda(std::string_view function);

// What a lambda stands in: the name without it; empty where the compiler did not say.
std::string enclosing_function(std::string_view function);

// The lambda that libstdc++'s first function of a thread is there to call, "main::$_0"; empty for
// other functions and other callables. Where the optimiser left no other frame, it is what ran.
std::string lambda_of_thread(std::string_view function);

// Whether the name is one of the library's.
bool is_library(std::string_view name);

// Whether it is its class's constructor; of the library's classes nothing is.
bool is_constructor(const std::string& function);

// Whether it is a member of a class of the library, no function of its own:
// "std::vector<…>::resize", not "std::make_unique<…>".
bool is_library_member(const std::string& function);

// A type's name, shortened as the names above: "std::map<std::string, …>".
std::string short_type(std::string_view type);

}  // namespace lab::report
