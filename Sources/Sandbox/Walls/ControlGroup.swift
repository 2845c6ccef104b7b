import Platform
import Text

/// Limits on memory and processes by a control group of its own, of version 1 or 2, whichever this process may make one in.
///
/// The group's folders carry who made them, so that those of a process that was killed can be removed later.
final class ControlGroup {
    /// A folder of a group, and the controllers that it has.
    private struct Part {
        let folder: String
        let isUnified: Bool
    }

    private let parts: [Part]
    let limitsMemory: Bool
    let limitsProcesses: Bool

    static let prefix = "ingot-"

    /// A group under this process's own, or beside it; a limit that cannot be set is left out, and `limits…` say so.
    init(name: String, memory: Int, processes: Int) {
        let groups = Self.ownGroups()
        var parts: [Part] = []
        var (hasMemory, hasProcesses) = (false, false)
        if let part = Self.makeUnified(groups[""], name, memory, processes) {
            parts = [part]
            (hasMemory, hasProcesses) = (true, true)
        } else {
            if let part = Self.make("memory", groups, name), Self.limit(part, "memory.limit_in_bytes", memory) {
                // Without swap accounting the file is not there, and without swap it does not matter.
                _ = Self.limit(part, "memory.memsw.limit_in_bytes", memory)
                parts.append(part)
                hasMemory = true
            }
            if let part = Self.make("pids", groups, name), Self.limit(part, "pids.max", processes) {
                parts.append(part)
                hasProcesses = true
            }
        }
        self.parts = parts
        limitsMemory = hasMemory
        limitsProcesses = hasProcesses
    }

    /// Files to which a process writes `0` to be in the group.
    var entrances: [String] { parts.map { $0.folder + "/cgroup.procs" } }

    // MARK: Making

    /// The groups of this process by controller; that of version 2 has an empty name.
    private static func ownGroups() -> [String: String] {
        let text = (try? Files.readStream("/proc/self/cgroup")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        var groups: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(controller)] = fields[2] == "/" ? "" : String(fields[2])
            }
        }
        return groups
    }

    private static func makeUnified(_ group: String?, _ name: String, _ memory: Int, _ processes: Int) -> Part? {
        guard let group, Files.exists("/sys/fs/cgroup/cgroup.controllers") else { return nil }
        // Under the own group no other can have controllers as long as processes are in it: beside it is what works mostly.
        for parent in [Files.parent(of: "/sys/fs/cgroup\(group)/x"), Files.parent(of: "/sys/fs/cgroup\(group)")]
        where parent.hasPrefix("/sys/fs/cgroup") {
            let part = Part(folder: "\(parent)/\(name)", isUnified: true)
            guard (try? Files.makeFolder(bytes: Array(part.folder.utf8), permissions: 0o755)) != nil else { continue }
            if limit(part, "memory.max", memory), limit(part, "pids.max", processes) {
                _ = limit(part, "memory.swap.max", 0)
                _ = limit(part, "memory.oom.group", 1)
                return part
            }
            remove(part)
        }
        return nil
    }

    private static func make(_ controller: String, _ groups: [String: String], _ name: String) -> Part? {
        guard let group = groups[controller] else { return nil }
        let part = Part(folder: "/sys/fs/cgroup/\(controller)\(group)/\(name)", isUnified: false)
        guard (try? Files.makeFolder(bytes: Array(part.folder.utf8), permissions: 0o755)) != nil else { return nil }
        return part
    }

    private static func limit(_ part: Part, _ file: String, _ value: Int) -> Bool {
        (try? Files.overwrite("\(part.folder)/\(file)", "\(value)\n")) != nil
    }

    // MARK: Watching

    /// Which limit was reached since the group was made; nil for none.
    func reachedLimit(_ limits: ProgramLimits) -> String? {
        for part in parts {
            if let memory = count("oom_kill", part, part.isUnified ? "memory.events" : "memory.oom_control"), memory > 0 {
                return "the memory limit of \(Amount.bytes(limits.memory))"
            }
            if let forks = count("max", part, "pids.events"), forks > 0 { return "the limit of \(limits.processes) processes" }
        }
        return nil
    }

    private func count(_ key: String, _ part: Part, _ file: String) -> Int? {
        guard let bytes = try? Files.readStream("\(part.folder)/\(file)", limit: 4096) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == key { return Int(words[1]) }
        }
        return nil
    }

    // MARK: Ending

    /// Ends all processes in the group and removes it. `wait` waits for so many nanoseconds.
    func remove(wait: (UInt64) -> Void) {
        for part in parts {
            for attempt in 0..<200 {
                if Self.remove(part) { break }
                Self.killAll(part)
                wait(attempt < 20 ? 500_000 : 10_000_000)
            }
        }
    }

    @discardableResult
    private static func remove(_ part: Part) -> Bool {
        if !Files.exists(part.folder) { return true }
        return (try? Files.removeFolder(part.folder)) != nil
    }

    private static func killAll(_ part: Part) {
        if part.isUnified && (try? Files.overwrite("\(part.folder)/cgroup.kill", "1")) != nil { return }
        guard let bytes = try? Files.readStream("\(part.folder)/cgroup.procs") else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if let process = Int32(line), process > 1 { ProcessIdentity.kill(process) }
        }
    }

    /// A name for a group that this process makes.
    static func name(token: String) -> String { "\(prefix)\(ProcessIdentity.own)-\(token)" }

    /// Removes groups whose makers are gone.
    static func sweep(wait: (UInt64) -> Void) {
        let groups = ownGroups()
        var folders: [(String, Bool)] = []
        if let group = groups[""] {
            folders = [("/sys/fs/cgroup\(group)", true), (Files.parent(of: "/sys/fs/cgroup\(group)"), true)]
        }
        for controller in ["memory", "pids"] {
            if let group = groups[controller] { folders.append(("/sys/fs/cgroup/\(controller)\(group)", false)) }
        }
        for (folder, isUnified) in folders where folder.hasPrefix("/sys/fs/cgroup") {
            for name in Files.names(in: folder) where name.hasPrefix(prefix) {
                guard let end = name.lastIndex(of: "-"), ProcessIdentity.isDead(String(name[..<end].dropFirst(prefix.count)))
                else { continue }
                ControlGroup(parts: [Part(folder: "\(folder)/\(name)", isUnified: isUnified)]).remove(wait: wait)
            }
        }
    }

    private init(parts: [Part]) {
        self.parts = parts
        (limitsMemory, limitsProcesses) = (false, false)
    }
}
