import Glibc
import Platform

/// fuse2fs, which serves the file system on a volume to the programs of an instance, as the root of their user namespace: what they wrote to
/// the device is read by that process and by e2fsck, and never by the kernel.
///
/// Both see the mounts of the holder, which has the host's files as a user may read them who is nobody there, and have no filter of system
/// calls. They have an empty network, and of all capabilities, which are in the user namespace alone, fuse2fs has that to mount.
///
/// It writes down what it still has when it is unmounted, and when it is told to end, which happens also where Ingot is killed.
final class FileSystemServer: Sendable {
    private let process: PreparedProcess

    /// Mounts what is on the device `name` of `Places.nodes` at `place`, after e2fsck has mended what a crash left. Throws EINVAL where it is
    /// no file system of ext2 to ext4, EUCLEAN where it is damaged.
    init(of name: String, at place: String, in mounted: MountedTree) throws(SystemError) {
        try Self.check(name, in: mounted)
        guard let program = Programs.find("fuse2fs") else { throw SystemError("execve", "fuse2fs", errno: ENOENT) }
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        process = try mounted.start(
            {
                Self.limit(&$0, capabilities: Self.mounting)
                $0.endWithParent()
                $0.changeFolder(mounted.places.nodes)
                $0.execute(program, ["-f", "-o", "allow_other,default_permissions,nosuid,nodev", name, place])
            }, environment: Self.variables, descriptors: [null.raw, null.raw, null.raw], outlivesThread: true)
        try process.waitUntilStarted()
        for _ in 0..<Self.looks {
            if try mounted.mountTable().device(at: place) != nil { return }
            if process.hasEnded(within: Self.pause) { throw SystemError("fuse2fs", name, errno: EINVAL) }
        }
        throw SystemError("fuse2fs", name, errno: ETIMEDOUT)
    }

    private static let variables = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    /// Milliseconds between two looks whether it is mounted, and how many there are.
    private static let pause: Int32 = 2
    private static let looks = 5000
    /// Milliseconds.
    private static let checkTime: Int32 = 120_000
    private static let patience: Int32 = 1000
    private static let endTime: Int32 = 120_000
    /// Bytes of memory; a hostile file system can make either program ask for much.
    private static let memory: UInt64 = 4 << 30

    private static func limit(_ steps: inout Steps, capabilities: UInt64 = 0) {
        steps.limit(Int32(RLIMIT_CORE.rawValue), 0)
        steps.limit(Int32(RLIMIT_AS.rawValue), memory)
        steps.unshare(.network)
        steps.keepCapabilities(capabilities)
    }

    /// `CAP_SYS_ADMIN`
    private static let mounting: UInt64 = 1 << 21

    /// By e2fsck: what it mends by itself (`-p`) is mended.
    private static func check(_ name: String, in mounted: MountedTree) throws(SystemError) {
        guard let program = Programs.find("e2fsck") else { throw SystemError("execve", "e2fsck", errno: ENOENT) }
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var process = try mounted.start(
            {
                limit(&$0)
                $0.changeFolder(mounted.places.nodes)
                $0.execute(program, ["-p", name])
            }, environment: variables, descriptors: [null.raw, null.raw, null.raw])
        try process.waitUntilStarted()
        guard process.hasEnded(within: checkTime) else { throw SystemError("e2fsck", name, errno: ETIMEDOUT) }
        switch process.wait() {
        // 1: mended; 2: mended, and a kernel that had it mounted would have to start anew.
        case .exited(0...3): return
        case .exited(8...15): throw SystemError("e2fsck", name, errno: EINVAL)
        default: throw SystemError("e2fsck", name, errno: EUCLEAN)
        }
    }

    /// What served has ended, by itself or not.
    var hasEnded: Bool { process.hasEnded() }

    /// Unmounts it from everywhere and waits until it has written down what it had; false where it did not end by itself.
    func end(at place: String, in mounted: MountedTree) -> Bool {
        let copies = (try? mounted.mountTable().copies(of: place, below: mounted.places.merged)) ?? []
        for copy in copies { try? mounted.perform { $0.prune(nil, at: copy, in: mounted.places.merged, .detach) } }
        try? mounted.perform { $0.prune(nil, at: "/" + Files.name(of: place), in: mounted.places.volumes, .detach) }
        // Programs that still have a file open keep it mounted.
        if !process.hasEnded(within: Self.patience), isServing { process.signal(SIGTERM) }
        if process.hasEnded(within: Self.endTime) { return true }
        process.end()
        return false
    }

    /// False once it writes down what it had, during which a signal would kill it.
    private var isServing: Bool {
        let folder = "/proc/\(process.process)/fd"
        return Files.names(in: folder).contains { name in
            (try? Files.linkTarget(bytes: Array("\(folder)/\(name)".utf8))) == Array("/dev/fuse".utf8)
        }
    }
}
