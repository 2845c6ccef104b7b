import Sandbox

/// Calls that reach around the walls or into the kernel, each of which must be refused.
///
/// Where a call has arguments that are none, the kernel itself would say so with another error than the filter does: that error is seen
/// when the filter is left out. Where the kernel asks for privileges first, both say EPERM, and no wall can be named.
enum ProbeCalls {
    static let all = mounts + processes + kernel + machine + namespaces + terminals + sockets + files + rights

    static let mounts: [ProbeCall] = [
        ProbeCall("mount", "syscall(SYS_mount, \"x\", \"/tmp\", BAD, 0, 0)"),
        ProbeCall("mount-tmpfs", "mount(\"x\", \"/tmp\", \"tmpfs\", 0, 0)", without: nil),
        ProbeCall("mount-proc", "mount(\"x\", \"/tmp\", \"proc\", 0, 0)", without: nil),
        ProbeCall("mount-bind", "mount(\"/proc\", \"/tmp\", 0, MS_BIND, 0)", without: nil),
        ProbeCall("mount-writable", "mount(0, \"/proc/sys\", 0, MS_REMOUNT | MS_BIND, 0)", without: nil),
        ProbeCall("umount", "syscall(SYS_umount2, \"/proc\", 0xFFFF0000)"),
        ProbeCall("umount-detach", "umount2(\"/proc/sys\", MNT_DETACH)", without: nil),
        ProbeCall("pivot_root", "syscall(SYS_pivot_root, \"/\", \"/tmp\")", without: nil),
        ProbeCall("open_tree", "syscall(428, -1, BAD, 0x0FFFF000)"),
        ProbeCall("move_mount", "syscall(429, -1, BAD, -1, BAD, 0)", without: nil),
        ProbeCall("fsopen", "syscall(430, \"tmpfs\", 0)", without: nil),
        ProbeCall("fsconfig", "syscall(431, -1, 0, 0, 0, 0)"),
        ProbeCall("fsmount", "syscall(432, -1, 0, 0)", without: nil),
        ProbeCall("fspick", "syscall(433, -1, BAD, 0)", without: nil),
        ProbeCall("mount_setattr", "syscall(442, -1, BAD, 0x0FFFFFFF, BAD, 64)"),
        ProbeCall("quotactl", "syscall(SYS_quotactl, 0xFF, BAD, 0, BAD)"),
        ProbeCall("quotactl_fd", "syscall(443, -1, 0xFF, 0, BAD)"),
        ProbeCall("swapon", "syscall(SYS_swapon, \"/none\", 0)", without: nil),
        ProbeCall("swapoff", "syscall(SYS_swapoff, \"/none\")", without: nil),
        ProbeCall("open_by_handle_at", "syscall(SYS_open_by_handle_at, AT_FDCWD, BAD, 0)"),
        ProbeCall("fanotify_init", "syscall(SYS_fanotify_init, 0xFFFFFFFF, 0)", without: nil),
    ]

    /// Another process's memory and descriptors; here the caller's own, which the kernel would give.
    static let processes: [ProbeCall] = [
        ProbeCall("ptrace", "ptrace(PTRACE_TRACEME, 0, 0, 0)"),
        ProbeCall("ptrace-first", "ptrace(PTRACE_SEIZE, 1, 0, 0)"),
        ProbeCall(
            "process_vm_readv",
            "struct iovec here = {buffer, 8}, there = {buffer + 8, 8}; return process_vm_readv(getpid(), &here, 1, &there, 1, 0)"),
        ProbeCall(
            "process_vm_writev",
            "struct iovec here = {buffer, 8}, there = {buffer + 8, 8}; return process_vm_writev(getpid(), &here, 1, &there, 1, 0)"
        ),
        ProbeCall("kcmp", "syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0)"),
        ProbeCall("pidfd_getfd", "syscall(438, (int)syscall(434, getpid(), 0), 1, 0)"),
        ProbeCall("real-time", "struct sched_param p = {1}; return sched_setscheduler(0, SCHED_FIFO, &p)", without: nil),
        ProbeCall("nice", "setpriority(PRIO_PROCESS, 0, -5)", "EACCES", without: nil),
        ProbeCall("more-core", "struct rlimit l = {1, 1}; return setrlimit(RLIMIT_CORE, &l)", without: nil),
        ProbeCall(
            "never-killed",
            "int f = open(\"/proc/self/oom_score_adj\", O_WRONLY); if (f < 0) return -1; return write(f, \"-1000\", 5)", "EACCES",
            without: nil),
    ]

    static let kernel: [ProbeCall] = [
        ProbeCall("bpf", "syscall(SYS_bpf, 0, BAD, 1 << 20)"),
        ProbeCall("perf_event_open", "syscall(SYS_perf_event_open, BAD, 0, -1, -1, ~0UL)"),
        ProbeCall("userfaultfd", "syscall(SYS_userfaultfd, 1)"),
        ProbeCall("io_uring_setup", "return syscall(425, 1, buffer)"),
        ProbeCall("io_uring_enter", "syscall(426, -1, 0, 0, 0, 0, 0)"),
        ProbeCall("io_uring_register", "syscall(427, -1, 0, 0, 0)"),
        ProbeCall("init_module", "syscall(SYS_init_module, BAD, 0, BAD)", without: nil),
        ProbeCall("finit_module", "syscall(SYS_finit_module, -1, BAD, 0)", without: nil),
        ProbeCall("delete_module", "syscall(SYS_delete_module, BAD, 0)", without: nil),
        ProbeCall("kexec_load", "syscall(SYS_kexec_load, 0, 0, BAD, 0xFFFFFFFF)", without: nil),
        ProbeCall("kexec_file_load", "syscall(SYS_kexec_file_load, -1, -1, 0, BAD, 0xFFFFFFFF)", without: nil),
        ProbeCall("add_key", "syscall(SYS_add_key, \"user\", \"x\", \"y\", 1, KEY_SPEC_PROCESS_KEYRING)"),
        ProbeCall("request_key", "syscall(SYS_request_key, \"user\", \"none\", 0, 0)"),
        ProbeCall("keyctl", "syscall(SYS_keyctl, 0xFFFF, 0, 0, 0, 0)"),
        ProbeCall("syslog", "syscall(SYS_syslog, 0xFFFF, 0, 0)", without: nil),
        ProbeCall("acct", "acct(0)", without: nil),
    ]

    static let machine: [ProbeCall] = [
        ProbeCall("reboot", "syscall(SYS_reboot, 0, 0, 0, 0)", without: nil),
        ProbeCall("settimeofday", "struct timeval t = {0, 2000000}; return syscall(SYS_settimeofday, &t, 0)"),
        ProbeCall("clock_settime", "syscall(SYS_clock_settime, 999, BAD)"),
        ProbeCall("clock_adjtime", "syscall(SYS_clock_adjtime, 999, BAD)"),
        ProbeCall("adjtimex", "struct timex t = {0}; return syscall(SYS_adjtimex, &t)"),
        ProbeCall("ioperm", "syscall(SYS_ioperm, 0xFFFFFFFF, 2, 1)"),
        ProbeCall("iopl", "syscall(SYS_iopl, 4)"),
        ProbeCall("vhangup", "syscall(SYS_vhangup)", without: nil),
        ProbeCall(
            "i386", "long r = 20; __asm__ volatile(\"int $0x80\" : \"+a\"(r) :: \"memory\"); return r < 0 ? refuse(-r) : r",
            "ENOSYS"),
        ProbeCall(
            "i386-mount",
            "long r = 21; __asm__ volatile(\"int $0x80\" : \"+a\"(r) : \"b\"(8), \"c\"(8), \"d\"(8), \"S\"(0), \"D\"(0) : \"memory\"); return r < 0 ? refuse(-r) : r",
            "ENOSYS"),
        ProbeCall("x32", "syscall(0x40000000 | SYS_getpid)", "ENOSYS", without: nil),
        ProbeCall("x32-ptrace", "syscall(0x40000000 | 521, 0, 0, 0, 0)", "ENOSYS", without: nil),
    ]

    static let namespaces: [ProbeCall] = [
        ProbeCall("unshare-users", "unshare(CLONE_NEWUSER)"),
        ProbeCall("unshare-users-and-mounts", "unshare(CLONE_NEWUSER | CLONE_NEWNS)"),
        ProbeCall(
            "clone-users",
            "long r = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0); if (r == 0) _exit(0); return r"),
        ProbeCall("clone3", "syscall(435, buffer, 0)", "ENOSYS"),
        ProbeCall("setns", "syscall(SYS_setns, -1, 0)"),
        ProbeCall("unshare-mounts", "unshare(CLONE_NEWNS)", without: .capabilities),
        ProbeCall("unshare-network", "unshare(CLONE_NEWNET)", without: .capabilities),
        ProbeCall("sethostname", "sethostname(\"x\", 1)", without: .capabilities),
    ]

    static let terminals: [ProbeCall] = [
        ProbeCall("TIOCSTI", "ioctl(0, TIOCSTI, \"x\")"),
        ProbeCall("TIOCSTI-with-high-bits", "syscall(SYS_ioctl, 0, 0x100000000UL | TIOCSTI, \"x\")"),
        ProbeCall("TIOCLINUX", "ioctl(0, TIOCLINUX, \"x\")"),
        ProbeCall("controlling-terminal", "open(\"/dev/tty\", O_RDWR)", "ENXIO", without: nil),
    ]

    static let sockets: [ProbeCall] = [
        ProbeCall("socket-packet", "socket(AF_PACKET, SOCK_RAW, 0)", "EAFNOSUPPORT"),
        ProbeCall("socket-key", "socket(AF_KEY, SOCK_RAW, 2)", "EAFNOSUPPORT", without: nil),
        ProbeCall("socket-alg", "socket(AF_ALG, SOCK_SEQPACKET, 0)", "EAFNOSUPPORT", without: nil),
        ProbeCall("socket-vsock", "socket(AF_VSOCK, SOCK_STREAM, 0)", "EAFNOSUPPORT", without: nil),
        ProbeCall("socket-x25", "socket(AF_X25, SOCK_SEQPACKET, 0)", "EAFNOSUPPORT", without: nil),
        ProbeCall("socket-raw", "socket(AF_INET, SOCK_RAW, 1)", without: .capabilities),
        ProbeCall("socket-raw-6", "socket(AF_INET6, SOCK_RAW, 58)", without: .capabilities),
    ]

    static let files: [ProbeCall] = [
        ProbeCall("mknod-memory", "mknod(\"/tmp/m\", S_IFCHR | 0600, makedev(1, 1))", without: nil),
        ProbeCall("mknod-disk", "mknod(\"/tmp/d\", S_IFBLK | 0600, makedev(254, 0))", without: nil),
        ProbeCall("mknod-shared-memory", "mknod(\"/dev/shm/d\", S_IFBLK | 0600, makedev(254, 0))", without: nil),
        ProbeCall("mknod-whiteout", "mknod(\"/tmp/w\", S_IFCHR | 0600, 0)", without: nil),
        ProbeCall("chown-to-nobody's", "chown(\"/etc/file\", 70000, 70000)", "EINVAL", without: nil),
        ProbeCall("trusted-attribute", "setxattr(\"/etc/file\", \"trusted.x\", \"y\", 1, 0)", without: nil),
        ProbeCall("security-label", "setxattr(\"/etc/file\", \"security.x\", \"y\", 1, 0)", without: nil),
        ProbeCall("immutable", "int f = open(\"/etc/file\", O_RDONLY), a = 0x10; return ioctl(f, 0x40086602, &a)", without: nil),
        ProbeCall(
            "chroot-escape",
            """
            mkdir("/tmp/c", 0700); if (chroot("/tmp/c")) return -1;
              for (int i = 0; i < 64; i++) chdir("..");
              if (chroot(".")) return -1; return access("/etc/hostname", F_OK) && access("/usr/lib", F_OK) ? -1 : 0
            """, "ENOENT", without: nil),
        ProbeCall(
            "above-the-root",
            "int f = open(\"/\", O_DIRECTORY); for (int i = 0; i < 9; i++) f = openat(f, \"..\", O_DIRECTORY); return openat(f, \"usr/lib\", 0)",
            "ENOENT", without: nil),
    ]

    static let rights: [ProbeCall] = [
        ProbeCall("other-user", "setresuid(70000, 70000, 70000)", "EINVAL", without: nil),
        ProbeCall("administration", "return has(CAP_SYS_ADMIN) ? 0 : refuse(EPERM)", without: .capabilities),
        ProbeCall("tracing", "return has(CAP_SYS_PTRACE) ? 0 : refuse(EPERM)", without: .capabilities),
        ProbeCall("network-administration", "return has(CAP_NET_ADMIN) ? 0 : refuse(EPERM)", without: .capabilities),
        ProbeCall("new-privileges", "return prctl(PR_GET_NO_NEW_PRIVS) == 0 ? 0 : refuse(EPERM)", without: nil),
        ProbeCall("filter-is-there", "return prctl(PR_GET_SECCOMP) == 0 ? 0 : refuse(EPERM)"),
        ProbeCall(
            "descriptors", "for (int f = 3; f < 1024; f++) if (fcntl(f, F_GETFD) >= 0) return 0; return refuse(EBADF)", "EBADF",
            without: nil),
    ]
}
