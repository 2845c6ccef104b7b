import ImageStore
import Model
import Platform

/// The words that bubblewrap is started with. They reach it through a descriptor, so that no value of a variable is seen in the host's
/// list of processes.
struct Bubblewrap {
    /// Where the tree's mounts are.
    let places: MountedTree.Places
    let program: GuestProgram
    /// Whether the program gets the caller's terminal.
    let isInteractive: Bool
    /// Whether it is in a network namespace already.
    let hasNetwork: Bool
    let walls: Walls
    /// Block devices: where each is in the namespaces, and for the program.
    var devices: [(node: String, path: String)] = []

    /// The descriptors that bubblewrap has besides the program's own three.
    enum Descriptor {
        static let arguments = 3
        static let filter = 4
        static let information = 5
        static let firstFile = 6
    }

    /// Where files that do not belong to the image are.
    static let filesFolder: TreePath = "/run/ingot"

    /// A file that is there while the program runs, and its descriptor.
    typealias PlacedFile = (path: String, descriptor: Int)

    /// What a program that installs packages needs of root's privileges; those that reach beyond the tree are not among them.
    private static let capabilities = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "SETFCAP", "MKNOD", "SYS_CHROOT",
        "NET_BIND_SERVICE", "AUDIT_WRITE",
    ]

    /// Files of /proc that say something of the host.
    private static let hidden = [
        "kcore", "keys", "key-users", "timer_list", "sched_debug", "latency_stats", "kallsyms", "modules",
    ]

    /// Bytes of memory that files in /dev/shm may take.
    private static let sharedMemory = 256 << 20

    func arguments(files: [PlacedFile], resolver: PlacedFile?) -> [String] {
        isolation + root + system + self.files(files) + bound(resolver) + rights
    }

    private var isolation: [String] {
        var words = ["--unshare-cgroup-try", "--die-with-parent", "--info-fd", "\(Descriptor.information)"]
        if walls.contains(.processes) { words.append("--unshare-pid") }
        if walls.contains(.messages) { words.append("--unshare-ipc") }
        if walls.contains(.names) { words += ["--unshare-uts", "--hostname", program.hostName] }
        if walls.contains(.network) && !hasNetwork { words.append("--unshare-net") }
        if walls.contains(.filter) { words += ["--seccomp", "\(Descriptor.filter)"] }
        if !isInteractive { words.append("--new-session") }
        return words
    }

    private var root: [String] { ["--bind", places.merged, "/"] }

    private var system: [String] {
        var words = walls.contains(.processes) ? ["--proc", "/proc"] : ["--ro-bind", "/proc", "/proc"]
        guard walls.contains(.system) else {
            return words + ["--dev", "/dev", "--dir", "/sys", "--bind", places.run, "/run"]
        }
        words += ["--ro-bind", "/proc/sys", "/proc/sys"]
        for name in Self.hidden where Files.exists("/proc/\(name)") { words += ["--ro-bind", "/dev/null", "/proc/\(name)"] }
        words += ["--dev", "/dev"] + devices.flatMap { ["--dev-bind", $0.node, $0.path] }
        words += ["--perms", "1777", "--size", "\(Self.sharedMemory)", "--tmpfs", "/dev/shm"]
        return words + [
            "--remount-ro", "/dev", "--perms", "0755", "--tmpfs", "/sys", "--remount-ro", "/sys", "--bind", places.run, "/run",
        ]
    }

    private func files(_ files: [PlacedFile]) -> [String] {
        if files.isEmpty { return [] }
        var words = ["--perms", "0755", "--tmpfs", "\(Self.filesFolder)"]
        for file in files { words += ["--perms", "0755", "--ro-bind-data", "\(file.descriptor)", file.path] }
        return words + ["--remount-ro", "\(Self.filesFolder)"]
    }

    private func bound(_ resolver: PlacedFile?) -> [String] {
        resolver.map { ["--perms", "0644", "--ro-bind-data", "\($0.descriptor)", $0.path] } ?? []
    }

    private var rights: [String] {
        var words = walls.contains(.capabilities) ? ["--cap-drop", "ALL"] : ["--cap-add", "ALL"]
        if walls.contains(.capabilities) { for name in Self.capabilities { words += ["--cap-add", "CAP_\(name)"] } }
        words.append("--clearenv")
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { words += ["--setenv", name, value] }
        return words + ["--chdir", program.workingFolder]
    }

    /// What is there where the program's own environment does not say otherwise.
    static let defaults = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",
    ]

    var environment: [String: String] { Self.defaults.merging(program.environment) { $1 } }
}
