import CLinux
import Glibc

/// What a new process does, one after the other, before it becomes a program, or ends: the words of `clinux_fork_steps`.
package struct Steps: Sendable {
    package private(set) var words: [String] = []
    /// The first word of each step, for errors.
    private var starts: [Int] = []

    package init() {}

    private mutating func add(_ words: [String]) {
        starts.append(self.words.count)
        self.words += words
    }

    /// Does the steps of another list behind its own.
    package mutating func append(_ other: Steps) {
        starts += other.starts.map { $0 + words.count }
        words += other.words
    }

    /// The step that begins at a word, without the values of variables.
    func description(at word: Int) -> String {
        guard let index = starts.firstIndex(of: word) else { return "prepare" }
        let end = index + 1 < starts.count ? starts[index + 1] : words.count
        return words[word..<min(end, word + 4)].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Goes into a namespace; the descriptor is closed then.
    package mutating func join(_ descriptor: Int) { add(["join", "\(descriptor)"]) }

    /// `CLONE_NEW…`
    package mutating func unshare(_ namespaces: Namespaces) { add(["unshare", "\(namespaces.rawValue)"]) }

    /// Writes a byte to `written` and waits for one from `read`; closes both.
    package mutating func await(write written: Int, read: Int) { add(["await", "\(written)", "\(read)"]) }

    /// Becomes user and group 0 of the user namespace, without further groups.
    package mutating func becomeRoot() { add(["root"]) }

    /// Ends when the thread ends that started it.
    package mutating func dieWithParent() { add(["die-with-parent"]) }

    /// Is told to end (SIGTERM) when the thread ends that started it.
    package mutating func endWithParent() { add(["end-with-parent"]) }

    /// Bounds what a program may that this process becomes as root: bit n is the capability n of capabilities(7). It gets no others by any
    /// program either.
    package mutating func keepCapabilities(_ bits: UInt64) { add(["capabilities", "\(bits)"]) }

    package mutating func setMask(_ mask: UInt16) { add(["umask", String(mask, radix: 8)]) }

    /// `resource` is one of `RLIMIT_…`; both limits are set, to no more than the process may have.
    package mutating func limit(_ resource: Int32, _ value: UInt64) { add(["limit", "\(resource)", "\(value)"]) }

    /// Writes into an existing file.
    package mutating func write(_ text: String, to path: String) { add(["write", path, text]) }

    package mutating func makeFolder(
        _ path: String, mode: UInt16 = 0o755, uid: UInt32 = 0, gid: UInt32 = 0, modified: Int64 = 0
    ) {
        var (seconds, rest) = modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
        add(["folder", path, "\(mode)", "\(uid)", "\(gid)", "\(seconds)", "\(rest)"])
    }

    package mutating func makeCharacterDevice(_ path: String, mode: UInt16, major: UInt32, minor: UInt32) {
        add(["node", path, "\(mode)", "\(major)", "\(minor)"])
    }

    package mutating func mount(
        _ source: String, at target: String, type: String = "", _ flags: MountFlags = [], options: String = ""
    ) {
        add(["mount", source, target, type, "\(flags.rawValue)", options])
    }

    /// Makes a block device for a user and a group.
    package mutating func makeBlockDevice(_ path: String, uid: UInt32, gid: UInt32, major: UInt32, minor: UInt32) {
        add(["disk", path, "\(uid)", "\(gid)", "\(major)", "\(minor)"])
    }

    /// Mounts what is at `source` also at a folder whose path is taken from `root` on, links included, but not in one of the folders `hidden`.
    package mutating func graft(
        _ source: String, at path: String, in root: String, _ attributes: MountAttributes, hidden: [String]
    ) {
        add(["graft", source, root, path, "\(attributes.rawValue)", hidden.joined(separator: ":")])
    }

    /// Unmounts a folder whose path is taken from `root` on, if it is the file system of `source` that is there; nil for any one.
    package mutating func prune(_ source: String?, at path: String, in root: String, _ flags: UnmountFlags = []) {
        add(["prune", source ?? "", root, path, "\(flags.rawValue)"])
    }

    /// Keeps a file or folder for `place`, also into another mount namespace.
    package mutating func hold(_ source: String) { add(["hold", source]) }

    /// Mounts what is kept at a new name of a folder that is a mount of its own.
    package mutating func place(_ name: String, in folder: String) { add(["place", folder, name]) }

    /// Takes away what was placed, also where it is in use.
    package mutating func displace(_ name: String, in folder: String) { add(["displace", folder, name]) }

    /// Gives a node to user and group 0 of the host, with no rights for anybody: who kept its inode by `O_PATH` or a link opens it no more.
    package mutating func revoke(_ path: String) { add(["revoke", path]) }

    /// Removes a file or an empty folder.
    package mutating func remove(_ path: String) { add(["remove", path]) }

    /// Has another process asked about the calls that a filter names, of this process and all that it starts. Both descriptors are closed
    /// then; through the channel goes that of the notices.
    package mutating func watchCalls(program: Int, channel: Int) { add(["watch", "\(program)", "\(channel)"]) }

    /// Has the server of a file system write down what it keeps.
    package mutating func flush(_ path: String) { add(["flush", path]) }

    package mutating func changeFolder(_ path: String) { add(["chdir", path]) }

    package mutating func turnLoopbackOn() { add(["loopback"]) }

    /// Goes into a new network namespace, whose one neighbour is `address`, the third of four that belong together: the socket that listens
    /// there is sent through the channel's descriptor, which is closed then.
    package mutating func makeDoor(address: UInt32, port: UInt16, channel: Int) {
        add(["door", "\(address)", "\(port)", "\(channel)"])
    }

    /// Makes a network unreachable, without a packet leaving. Both numbers in host order.
    package mutating func reject(address: UInt32, mask: UInt32) { add(["reject", "\(address)", "\(mask)"]) }

    /// Starts a program that lives as long as this process.
    package mutating func serve(_ command: [String]) { add(["serve", "\(command.count)"] + command) }

    package mutating func waitForMount(_ path: String, milliseconds: Int) { add(["mounted", path, "\(milliseconds)"]) }

    /// Writes what is in a directory to standard output, and ends. The contents of files that changed since a time are in it.
    package mutating func scan(_ path: String, changedSince nanoseconds: Int64) {
        let (seconds, rest) = max(0, nanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
        add(["scan", path, "\(seconds)", "\(rest)"])
    }

    /// Becomes a program. The last step.
    package mutating func execute(_ program: String, _ arguments: [String]) {
        add(["exec", program, Files.name(of: program)] + arguments)
    }
}

/// Kinds of namespaces, by the bits of clone(2).
package struct Namespaces: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let mounts = Namespaces(rawValue: 0x0002_0000)
    package static let users = Namespaces(rawValue: 0x1000_0000)
    package static let network = Namespaces(rawValue: 0x4000_0000)
}

/// Flags of mount(2).
package struct MountFlags: OptionSet, Sendable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }

    package static let readOnly = MountFlags(rawValue: 1)
    package static let noSetuid = MountFlags(rawValue: 2)
    package static let noDevices = MountFlags(rawValue: 4)
    package static let bind = MountFlags(rawValue: 4096)
    package static let recursive = MountFlags(rawValue: 16384)
    package static let slave = MountFlags(rawValue: 1 << 19)
    package static let shared = MountFlags(rawValue: 1 << 20)
}

/// Attributes of mount_setattr(2), which one mount of several of a file system can have.
package struct MountAttributes: OptionSet, Sendable, Hashable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }

    package static let readOnly = MountAttributes(rawValue: 1)
    package static let noSetuid = MountAttributes(rawValue: 2)
    package static let noDevices = MountAttributes(rawValue: 4)
    package static let noPrograms = MountAttributes(rawValue: 8)
}

/// Flags of umount2(2).
package struct UnmountFlags: OptionSet, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let detach = UnmountFlags(rawValue: 2)
}
