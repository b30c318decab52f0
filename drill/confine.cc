#include "drill/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace drill {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kMachine = 0;
#endif

// Calls that no collector has a use for.
constexpr auto kForbidden = std::to_array<std::uint32_t>({
  SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open, SYS_pidfd_send_signal,
      SYS_pidfd_getfd, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_socket,
      SYS_socketpair, SYS_bind, SYS_connect, SYS_listen, SYS_unlinkat, SYS_renameat2, SYS_linkat,
      SYS_symlinkat, SYS_fchmodat, SYS_fchownat, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
      SYS_setns, SYS_unshare, SYS_bpf, SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_seccomp,
      SYS_userfaultfd, SYS_io_uring_setup,
#if defined(__x86_64__)
      SYS_fork, SYS_vfork, SYS_unlink, SYS_rmdir, SYS_rename, SYS_renameat, SYS_link, SYS_symlink,
      SYS_chmod, SYS_chown, SYS_lchown,
#endif
});

constexpr std::uint32_t kEnd = SECCOMP_RET_KILL_PROCESS;
constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kFirstOfTheLibrary = 32;  // Signals that the C library keeps for itself.

// A program for seccomp(2), see its manual page. Bounded: a call is one or two instructions.
class Filter {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
  void give(std::uint32_t what) { add(BPF_RET | BPF_K, what, 0, 0); }
  // Gives `what` when the loaded word compares so, else goes on.
  void give_if(int comparison, std::uint32_t value, std::uint32_t what) {
    add(BPF_JMP | comparison | BPF_K, value, 0, 1);
    give(what);
  }
  void give_unless_equal(std::uint32_t value, std::uint32_t what) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    give(what);
  }
  // Of a call: allowed when its first argument compares so, else it ends the process.
  void allow_if(std::uint32_t call, int comparison, std::uint32_t value) {
    add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load(offsetof(seccomp_data, args));  // The lower half: both machines are little-endian.
    give_if(comparison, value, kAllow);
    give(kEnd);
  }

  bool install() {
    const sock_fprog program{size_, instructions_.data()};
    return size_ < instructions_.size() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  void add(int code, std::size_t value, std::uint8_t if_true, std::uint8_t if_false) {
    if (size_ == instructions_.size()) return;
    instructions_[size_++] = {static_cast<std::uint16_t>(code), if_true, if_false,
                              static_cast<std::uint32_t>(value)};
  }

  std::array<sock_filter, 160> instructions_{};
  unsigned short size_ = 0;
};

}  // namespace

bool confine(Confine whom) {
  if (kMachine == 0) return false;
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.give_unless_equal(kMachine, kEnd);
  filter.load(offsetof(seccomp_data, nr));
  filter.give_if(BPF_JGE, 0x40000000, kEnd);  // The other numbers of x32.
  for (const auto call : kForbidden) filter.give_if(BPF_JEQ, call, kEnd);
  // Its arguments lie in memory, where no filter sees them; the C library then takes clone().
  filter.give_if(BPF_JEQ, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
  if (whom == Confine::kTests) {
    const auto self = static_cast<std::uint32_t>(getpid());
    // The supervisor asks a symboliser for names.
    filter.give_if(BPF_JEQ, SYS_execve, kEnd);
    filter.give_if(BPF_JEQ, SYS_execveat, kEnd);
    filter.allow_if(SYS_kill, BPF_JEQ, self);
    filter.allow_if(SYS_tgkill, BPF_JEQ, self);
    filter.allow_if(SYS_clone, BPF_JSET, CLONE_THREAD);
    filter.allow_if(SYS_rt_sigaction, BPF_JGE, kFirstOfTheLibrary);
  }
  filter.give(kAllow);
  return filter.install();
}

}  // namespace drill
