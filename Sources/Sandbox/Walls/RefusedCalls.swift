import Glibc
import Model
import Platform
import Seccomp
import Synchronization

/// The system calls that programs in the sandbox are refused: those that reach around the walls, or into parts of the kernel that
/// building an image has no use for and that had holes again and again.
enum RefusedCalls {
    /// The filter, made once. Where a supervisor is asked about mounts it is not this one that refuses them.
    static func program(mountsAreAsked: Bool = false) throws(Failure) -> [UInt8] {
        if let known = cached.withLock({ $0[mountsAreAsked] }) { return known }
        do throws(SystemError) {
            let program = try SystemCallFilter(rules + (mountsAreAsked ? newMounts : mounts)).program()
            cached.withLock { $0[mountsAreAsked] = program }
            return program
        } catch { throw Failure(.unavailable, "the filter of system calls cannot be made", cause: error) }
    }

    /// The filter of the calls that a supervisor is asked about, before this one.
    static func questions() throws(SystemError) -> [UInt8] {
        if let known = cachedQuestions.withLock({ $0 }) { return known }
        let calls = ["mount", "umount2", "sync", "syncfs"]
        let program = try SystemCallFilter(calls.map { .init($0, isAsked: true) }).program()
        cachedQuestions.withLock { $0 = program }
        return program
    }

    private static let cached = Mutex<[Bool: [UInt8]]>([:])
    private static let cachedQuestions = Mutex<[UInt8]?>(nil)

    static var rules: [SystemCallFilter.Rule] {
        plain.map { .init($0) } + young.map { .init($0.name, number: $0.number) } + userNamespaces + terminals + loopDevices
            + sockets
    }

    private static let mounts = (["mount", "umount", "umount2"] + newMountCalls).map { SystemCallFilter.Rule($0) }

    /// Programs take mount(2) where these are not there.
    private static let newMounts = newMountCalls.map { SystemCallFilter.Rule($0, errno: ENOSYS) }

    private static let newMountCalls = [
        "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    ]

    private static let plain = [
        "pivot_root", "quotactl", "quotactl_fd", "swapon", "swapoff", "open_by_handle_at", "fanotify_init",
        // Other processes.
        "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "setns",
        // The kernel and the machine.
        "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module",
        "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load", "reboot", "acct", "syslog", "iopl",
        "ioperm", "lookup_dcookie", "nfsservctl", "uselib", "vhangup",
        // Keys are not divided by namespaces in all kernels.
        "add_key", "request_key", "keyctl",
        // Clocks.
        "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime",
    ]

    private static let young: [(name: String, number: Int32)] = [("open_tree_attr", 467)]

    private static let newUser = UInt64(Namespaces.users.rawValue)

    /// clone3 has its flags in memory, where a filter cannot look: programs take clone instead when it is not there.
    private static let userNamespaces: [SystemCallFilter.Rule] = [
        .init("clone", when: [.masked(argument: 0, mask: newUser, value: newUser)]),
        .init("unshare", when: [.masked(argument: 0, mask: newUser, value: newUser)]),
        .init("clone3", errno: ENOSYS),
    ]

    /// The kernel looks at the lower half of the request alone.
    private static let terminals: [SystemCallFilter.Rule] = [0x5412, 0x541C].map { request in
        .init("ioctl", when: [.masked(argument: 1, mask: 0xFFFF_FFFF, value: request)])
    }

    /// Those of loop devices (0x4C00 to 0x4C0F): volumes are such, and no other file may take their place.
    private static let loopDevices: [SystemCallFilter.Rule] = [
        .init("ioctl", when: [.masked(argument: 1, mask: 0xFFFF_FFF0, value: 0x4C00)])
    ]

    /// All but unix (1), inet (2), inet6 (10) and netlink (16).
    private static let sockets: [SystemCallFilter.Rule] =
        (Array(3...9) + Array(11...15)).map { family in
            .init("socket", when: [.masked(argument: 0, mask: 0xFFFF_FFFF, value: family)], errno: EAFNOSUPPORT)
        } + [.init("socket", when: [.above(argument: 0, value: 16)], errno: EAFNOSUPPORT)]
}
