// What libstdc++ does to a program's memory inside its shared library, where nothing is
// instrumented: the links of list and tree nodes, the bytes that a hash reads, and the count of who
// refers to an exception. Without this a splice() under a read lock would pass unseen, and the end
// of an exception that two threads looked at would be reported. The linker's --wrap
// (drill_standard_library_link) leads the program's calls here; each tells the sanitizer's runtime,
// or the explorer in its place, what is about to be touched, and calls the library.

#include <cxxabi.h>
#include <sched.h>
#include <unwind.h>

#include <atomic>
#include <cstddef>
#include <cstring>
#include <exception>
#include <future>
#include <list>
#include <map>

extern "C" {
void __tsan_read_range(const void* address, std::size_t bytes);
void __tsan_write_range(const void* address, std::size_t bytes);
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace drill {
namespace {

// For the linker. Where a program's thread-local variables are all zero at first, mold 1.10 may
// begin what is read-only after relocation in front of its first page of data, and the program
// cannot start: one in a thousand. One that is not zero gives them a place in that page.
[[gnu::used]] thread_local int not_zero = 1;

using ListNode = std::__detail::_List_node_base;
using TreeNode = std::_Rb_tree_node_base;

template <class T>
void reads(const T& object) {
  __tsan_read_range(&object, sizeof object);
}

template <class T>
void writes(const T& object) {
  __tsan_write_range(&object, sizeof object);
}

// A node that takes other neighbours: its links, and theirs to it.
void relinks(const ListNode& node) {
  writes(node);
  writes(node._M_next->_M_prev);
  writes(node._M_prev->_M_next);
}

}  // namespace

#define LIST_NODE "ZNSt8__detail15_List_node_base"

void library_swap(ListNode&, ListNode&) asm("__real__" LIST_NODE "4swapERS0_S1_");
void list_swap(ListNode& one, ListNode& other) asm("__wrap__" LIST_NODE "4swapERS0_S1_");
void list_swap(ListNode& one, ListNode& other) {
  relinks(one);
  relinks(other);
  library_swap(one, other);
}

void library_transfer(ListNode*, ListNode*, ListNode*) asm("__real__" LIST_NODE
                                                           "11_M_transferEPS0_S1_");
void list_transfer(ListNode* before, ListNode* first, ListNode* last) asm("__wrap__" LIST_NODE
                                                                          "11_M_transferEPS0_S1_");
void list_transfer(ListNode* before, ListNode* first, ListNode* last) {
  if (before != last) {
    for (const auto* node : {before, first, last}) {
      writes(node->_M_prev->_M_next);
      writes(node->_M_prev);
    }
  }
  library_transfer(before, first, last);
}

void library_reverse(ListNode*) asm("__real__" LIST_NODE "10_M_reverseEv");
void list_reverse(ListNode* header) asm("__wrap__" LIST_NODE "10_M_reverseEv");
void list_reverse(ListNode* header) {
  const ListNode* node = header;
  do {
    writes(*node);
    node = node->_M_next;
  } while (node != header);
  library_reverse(header);
}

void library_hook(ListNode*, ListNode*) asm("__real__" LIST_NODE "7_M_hookEPS0_");
void list_hook(ListNode* node, ListNode* before) asm("__wrap__" LIST_NODE "7_M_hookEPS0_");
void list_hook(ListNode* node, ListNode* before) {
  writes(*node);
  writes(before->_M_prev->_M_next);
  writes(before->_M_prev);
  library_hook(node, before);
}

void library_unhook(ListNode*) asm("__real__" LIST_NODE "9_M_unhookEv");
void list_unhook(ListNode* node) asm("__wrap__" LIST_NODE "9_M_unhookEv");
void list_unhook(ListNode* node) {
  reads(*node);
  writes(node->_M_next->_M_prev);
  writes(node->_M_prev->_M_next);
  library_unhook(node);
}

// Whoever inserts or erases changes the tree as a whole (container.requirements.dataraces): its
// header stands for the nodes that rebalancing may touch.
#define TREE_INSERT "ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_"
#define TREE_ERASE "ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_"
#define TREE_NEXT "ZSt18_Rb_tree_increment"
#define TREE_PREVIOUS "ZSt18_Rb_tree_decrement"

void library_insert(bool, TreeNode*, TreeNode*, TreeNode&) asm("__real__" TREE_INSERT);
void tree_insert(bool left, TreeNode* node, TreeNode* parent,
                 TreeNode& header) asm("__wrap__" TREE_INSERT);
void tree_insert(bool left, TreeNode* node, TreeNode* parent, TreeNode& header) {
  writes(*node);
  writes(left ? parent->_M_left : parent->_M_right);
  writes(header);
  library_insert(left, node, parent, header);
}

TreeNode* library_erase(TreeNode*, TreeNode&) asm("__real__" TREE_ERASE);
TreeNode* tree_erase(TreeNode* node, TreeNode& header) asm("__wrap__" TREE_ERASE);
TreeNode* tree_erase(TreeNode* node, TreeNode& header) {
  writes(*node);
  writes(header);
  return library_erase(node, header);
}

TreeNode* library_next(TreeNode*) asm("__real__" TREE_NEXT "PSt18_Rb_tree_node_base");
TreeNode* tree_next(TreeNode* node) asm("__wrap__" TREE_NEXT "PSt18_Rb_tree_node_base");
TreeNode* tree_next(TreeNode* node) {
  reads(*node);
  return library_next(node);
}

const TreeNode* library_next(const TreeNode*) asm("__real__" TREE_NEXT "PKSt18_Rb_tree_node_base");
const TreeNode* tree_next(const TreeNode* node) asm("__wrap__" TREE_NEXT
                                                    "PKSt18_Rb_tree_node_base");
const TreeNode* tree_next(const TreeNode* node) {
  reads(*node);
  return library_next(node);
}

TreeNode* library_previous(TreeNode*) asm("__real__" TREE_PREVIOUS "PSt18_Rb_tree_node_base");
TreeNode* tree_previous(TreeNode* node) asm("__wrap__" TREE_PREVIOUS "PSt18_Rb_tree_node_base");
TreeNode* tree_previous(TreeNode* node) {
  reads(*node);
  return library_previous(node);
}

const TreeNode* library_previous(const TreeNode*) asm("__real__" TREE_PREVIOUS
                                                      "PKSt18_Rb_tree_node_base");
const TreeNode* tree_previous(const TreeNode* node) asm("__wrap__" TREE_PREVIOUS
                                                        "PKSt18_Rb_tree_node_base");
const TreeNode* tree_previous(const TreeNode* node) {
  reads(*node);
  return library_previous(node);
}

#define HASH_BYTES "ZSt11_Hash_bytesPKvmm"

std::size_t library_hash(const void*, std::size_t, std::size_t) asm("__real__" HASH_BYTES);
std::size_t hash(const void* bytes, std::size_t size, std::size_t seed) asm("__wrap__" HASH_BYTES);
std::size_t hash(const void* bytes, std::size_t size, std::size_t seed) {
  __tsan_read_range(bytes, size);
  return library_hash(bytes, size, seed);
}

// An exception ends with the last reference to it: of an exception_ptr, a handler, the result of a
// future. The library counts them where nobody sees it; so who gives one up that is not the last
// releases, and who gives up the last has acquired from all of them.
#define EXCEPTION_RELEASE "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv"
#define FUTURE_RESULT_END "_ZNSt13__future_base12_Result_baseD2Ev"

using std::__exception_ptr::exception_ptr;
using FutureResult = std::__future_base::_Result_base;

// As the C++ ABI for Itanium and libstdc++ lay it out: the object that was thrown comes next.
struct Thrown {
  int references;
  // The library's header. Its type or, of what a handler has from an exception_ptr, the object.
  alignas(16) void* type_or_referred_to;
  void* for_the_library[4];
  int handlers, chosen_handler;
  void* for_the_handler[4];
  _Unwind_Exception unwind;
};
static_assert(sizeof(Thrown) == 128);

// One who counts at a time, so that who is the last knows. Nothing but a decrement is done in it.
std::atomic_flag counting;

template <class GiveUp>
void give_up(void* object, GiveUp library) {
  if (object == nullptr) return library();
  while (counting.test_and_set(std::memory_order_acquire)) sched_yield();
  const bool is_last = (static_cast<Thrown*>(object) - 1)->references == 1;
  if (!is_last) {
    __tsan_release(object);
    library();
  }
  counting.clear(std::memory_order_release);
  if (is_last) {
    __tsan_acquire(object);
    library();
  }
}

void* object_of(const exception_ptr& pointer) {
  void* object = nullptr;
  std::memcpy(&object, &pointer, sizeof object);
  return object;
}

// What the handler that is about to end has caught; null where it is not of C++.
void* caught() {
  constexpr _Unwind_Exception_Class kOfCxx = 0x474E5543432B2B00;  // "GNUCC++"
  char* caught = nullptr;  // The thread's globals begin with its latest header.
  std::memcpy(&caught, abi::__cxa_get_globals(), sizeof caught);
  if (caught == nullptr) return nullptr;
  auto* thrown = reinterpret_cast<Thrown*>(caught - offsetof(Thrown, type_or_referred_to));
  const auto kind = thrown->unwind.exception_class - kOfCxx;
  if (kind > 1) return nullptr;
  return kind == 1 ? thrown->type_or_referred_to : thrown + 1;
}

void library_release(exception_ptr*) asm("__real_" EXCEPTION_RELEASE);
void exception_release(exception_ptr* self) asm("__wrap_" EXCEPTION_RELEASE);
void exception_release(exception_ptr* self) {
  give_up(object_of(*self), [self] { library_release(self); });
}

void library_end(FutureResult*) asm("__real_" FUTURE_RESULT_END);
void result_end(FutureResult* self) asm("__wrap_" FUTURE_RESULT_END);
void result_end(FutureResult* self) {
  give_up(object_of(self->_M_error), [self] { library_end(self); });
}

void library_end_catch() asm("__real___cxa_end_catch");
void end_catch() asm("__wrap___cxa_end_catch");
void end_catch() { give_up(caught(), library_end_catch); }

}  // namespace drill
