import Glibc
import Platform
import Testing

/// What programs of sandboxes have left on the host: found by the folder that all of it belongs to.
struct HostTraces {
    let folder: String

    /// Processes with a mount or a working folder there, and loop devices of files there.
    private func found() -> [String] {
        let ownMounts = Self.link("/proc/self/ns/mnt")
        var found: [String] = []
        for name in Files.names(in: "/proc") {
            guard let process = Int32(name), process != getpid() else { continue }
            let isInNamespace = Self.link("/proc/\(name)/ns/mnt") != ownMounts
            if isInNamespace && hasMounted(name) { found.append("the process \(name) mounts") }
            if Self.link("/proc/\(name)/cwd").hasPrefix(folder) { found.append("the process \(name) is there") }
        }
        for name in Files.names(in: "/sys/block")
        where Self.text("/sys/block/\(name)/loop/backing_file").hasPrefix(folder) { found.append("/dev/\(name)") }
        return found
    }

    /// Whether a process has something of the folder mounted elsewhere: proc_pid_mountinfo(5), field 4.
    private func hasMounted(_ process: String) -> Bool {
        Self.text("/proc/\(process)/mountinfo").split(separator: "\n").contains { line in
            line.split(separator: " ").dropFirst(3).first?.hasPrefix(folder) == true
        }
    }

    /// Whether anything is there: that it is found while programs run shows that it would be found afterwards.
    var exist: Bool { !found().isEmpty }

    /// The kernel ends the processes of a namespace after their parent: a short while is granted.
    func expectNone(sourceLocation: SourceLocation = #_sourceLocation) {
        for _ in 0..<500 where !found().isEmpty { usleep(10_000) }
        #expect(found().isEmpty, sourceLocation: sourceLocation)
    }

    /// What the next command removes.
    func expectSwept(_ home: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Files.names(in: home + "/tmp").isEmpty, sourceLocation: sourceLocation)
    }

    /// The control groups of sandboxes whose processes are dead, of anybody. The next sandbox of all removes them.
    static func deadGroups() -> Set<String> {
        var dead: Set<String> = []
        for line in text("/proc/self/cgroup").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, ["memory", "pids"].contains(String(fields[1])) else { continue }
            let parent = "/sys/fs/cgroup/\(fields[1])\(fields[2])"
            for name in Files.names(in: parent) where name.hasPrefix("ingot-") {
                guard let end = name.lastIndex(of: "-") else { continue }
                if ProcessIdentity.isDead(String(name[..<end].dropFirst("ingot-".count))) { dead.insert("\(parent)/\(name)") }
            }
        }
        return dead
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Files.readStream(path)) ?? [], as: UTF8.self)
    }

    private static func link(_ path: String) -> String {
        String(decoding: (try? Files.linkTarget(bytes: Array(path.utf8))) ?? [], as: UTF8.self)
    }
}
