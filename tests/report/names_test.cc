#include "lab/report/names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lab::report {
namespace {

const std::string kString =
    "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char>>";

TEST(Names, DropWhatNobodyWrote) {
  EXPECT_EQ(short_name("std::unordered_map<" + kString + ", redis::Record, std::hash<" + kString +
                       ">, std::equal_to<" + kString + ">, std::allocator<std::pair<" + kString +
                       " const, redis::Record>>>::find(" + kString + " const&) const"),
            "std::unordered_map<std::string, redis::Record>::find");
  EXPECT_EQ(short_name(kString + "::append(char const*)"), "std::string::append");
  EXPECT_EQ(short_name("std::pair<int, double>::operator=(std::pair<int, double> const&) requires "
                       "_S_assignable<int const&, double const&>()"),
            "std::pair<int, double>::operator=");
  EXPECT_EQ(short_name("std::vector<int, std::allocator<int> >::push_back(int const&)"),
            "std::vector<int>::push_back");
  EXPECT_EQ(short_name("std::__1::vector<int, std::__1::allocator<int>>::size() const"),
            "std::vector<int>::size");
  EXPECT_EQ(short_name("drill::(anonymous namespace)::call(std::function<void ()> const&)"),
            "drill::call");
}

TEST(Names, ElideWhatIsTooLong) {
  EXPECT_EQ(
      short_type("std::map<" + kString + ", std::vector<std::pair<int, some::long_named::Type>>>"),
      "std::map<std::string, …>");
  EXPECT_EQ(short_name("std::_Hashtable<int, std::pair<int const, int>>::size() const"),
            "std::_Hashtable<…>::size");
}

TEST(Names, DropReturnTypesAndSuffixes) {
  EXPECT_EQ(short_name("unsigned long ns::count<int>(int)"), "ns::count<int>");
  EXPECT_EQ(short_name("decltype(auto) ns::call(int)"), "ns::call");
  EXPECT_EQ(short_name("std::enable_if<is_same_v<int, int>, void>::type ns::run<int>(int)"),
            "ns::run<int>");
  EXPECT_EQ(short_name("work(int) [clone .isra.0]"), "work");
  EXPECT_EQ(short_name("name[abi:cxx11](int)"), "name");
}

TEST(Names, KnowALambdaInEveryForm) {
  const std::vector<std::string> forms = {
      "Collector::add(int)::$_0::operator()() const",
      "Collector::add(int)::{lambda()#1}::operator()() const",
      "Collector::add(int) const::{lambda(int)#2}::operator()(int) const",
      "Collector::add(int)::<lambda()>::operator()() const",
      "Collector::add(int)::'lambda'()::operator()() const",
      "Collector::add(int)::$_0::operator()() const::{lambda()#1}::operator()() const",
      "Collector::add(int)::$_0::__invoke(void*)"};
  for (const auto& form : forms) {
    EXPECT_EQ(bare_name(form), "lambda") << form;
    EXPECT_EQ(short_name(form), "lambda in Collector::add") << form;
    EXPECT_EQ(enclosing_function(form), "Collector::add") << form;
  }
  EXPECT_EQ(bare_name("operator()"), "lambda");
  EXPECT_EQ(short_name("operator()"), "lambda");
}

TEST(Names, TellWhichLambdaAThreadRuns) {
  const auto thread = [](const std::string& callable) {
    return "std::thread::_State_impl<std::thread::_Invoker<std::tuple<" + callable +
           ">>>::_M_run()";
  };
  EXPECT_EQ(lambda_of_thread(thread("main::$_0")), "main::$_0");
  EXPECT_EQ(short_name(lambda_of_thread(thread("main::{lambda()#2}"))), "lambda in main");
  EXPECT_EQ(lambda_of_thread(thread("Collector::add(std::vector<int, A>)::$_1, int")),
            "Collector::add(std::vector<int, A>)::$_1");
  EXPECT_EQ(lambda_of_thread(thread("void (*)(int), int")), "");
  EXPECT_EQ(lambda_of_thread("std::thread::_State_impl<std::thread::_Invoker<std::tuple<"), "");
  EXPECT_EQ(lambda_of_thread("Collector::add(int)::$_0::operator()() const"), "");
}

TEST(Names, ReadMangledOnes) {
  EXPECT_EQ(short_name("_ZN5pools4Pool4takeEv"), "pools::Pool::take");
  // A lambda in a generic lambda, as clang 19 prints it: no demangler reads it.
  const auto nested = "_ZZZ4mainENK3$_0clIZ4mainE3$_1Z4mainE3$_2EEDaT_T0_ENKUlvE_clEv";
  EXPECT_EQ(short_name(nested), "lambda in main");
  EXPECT_TRUE(is_lambda(nested));
  EXPECT_EQ(short_name("_ZZZN2ns4Pool3runEvENK3$_0clIZ4mainE3$_1EEDaT_ENKUlvE_clEv"),
            "lambda in ns::Pool::run");
  EXPECT_EQ(short_name("_Zwhatever"), "_Zwhatever");
  EXPECT_EQ(short_name("_ZZ99999999999999999999_cl"), "_ZZ99999999999999999999_cl");
}

TEST(Names, KnowOperatorsFromBrackets) {
  EXPECT_EQ(bare_name("ns::Less::operator()(int, int) const"), "operator()");
  EXPECT_EQ(short_name("ns::Stream::operator<<(int)"), "ns::Stream::operator<<");
  EXPECT_EQ(bare_name("bool std::operator==<char>(int, int)"), "operator==");
  EXPECT_EQ(bare_name("ns::Pointer::operator->() const"), "operator->");
  EXPECT_EQ(bare_name("ns::Flag::operator bool() const"), "operator bool");
  EXPECT_EQ(bare_name("operator new[](unsigned long)"), "operator new[]");
  EXPECT_EQ(short_name("ns::f<(ns::E)1>(int)"), "ns::f<(ns::E)1>");
}

TEST(Names, LeavePlainOnes) {
  EXPECT_EQ(bare_name("main"), "main");
  EXPECT_EQ(bare_name("Collector::~Collector()"), "~Collector");
  EXPECT_EQ(bare_name("Collector::Collector(int)"), "Collector");
  EXPECT_EQ(bare_name("-[Counter add:]"), "-[Counter add:]");
  EXPECT_EQ(
      bare_name("std::_Function_handler<void (), main::$_0>::_M_invoke(std::_Any_data const&)"),
      "_M_invoke");
  EXPECT_EQ(bare_name(""), "");
}

TEST(Names, SurviveGarbledText) {
  const std::string name =
      "void a::b<c::operator<(d), (e)1>::f(g<h>)::{lambda()#1}::operator()() const [i]";
  for (std::size_t begin = 0; begin < name.size(); ++begin) {
    for (std::size_t size = 0; begin + size <= name.size(); ++size) {
      EXPECT_LE(short_name(name.substr(begin, size)).size(), name.size() + 16);
      bare_name(name.substr(begin, size));
    }
  }
}

TEST(Names, TellAConstructorFromWhatOnlyNamesOne) {
  EXPECT_TRUE(is_constructor("ns::Ring<int>::Ring(unsigned long)"));
  EXPECT_TRUE(is_constructor("Poller::Poller()"));
  EXPECT_FALSE(is_constructor("Poller::~Poller()"));
  EXPECT_FALSE(is_constructor("Poller::poll()"));
  EXPECT_FALSE(is_constructor("Poller()"));
  EXPECT_FALSE(is_constructor("std::vector<int>::vector()"));
  EXPECT_FALSE(is_constructor("void __invoke_impl<void, main()::<lambda()> >()"));
  EXPECT_FALSE(is_constructor("ui::View::View(ui::Bus&)::{lambda(int)#1}::operator()(int) const"));
}

}  // namespace
}  // namespace lab::report
