// What libstdc++ does to a program's memory inside its shared library, where nothing is
// instrumented: the links of list and tree nodes, and the bytes that a hash reads. Without this a
// splice() under a read lock would pass unseen. The linker's --wrap (drill_libraries_link) leads
// the program's calls here; each tells the sanitizer's runtime, or the explorer in its place, what
// is about to be touched, and calls the library.

#include <cstddef>
#include <list>
#include <map>

extern "C" {
void __tsan_read_range(const void* address, std::size_t bytes);
void __tsan_write_range(const void* address, std::size_t bytes);
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

}  // namespace drill
