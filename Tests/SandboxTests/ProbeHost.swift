import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport

/// What tests look at and offer on the host.
enum ProbeHost {
    /// Whether a process of the host has this in its command line.
    static func isRunning(_ command: String) -> Bool { !processes(command).isEmpty }

    /// The processes of the host that have this in their command line.
    static func processes(_ command: String) -> [Int32] {
        Files.names(in: "/proc").compactMap { name in
            guard let process = Int32(name) else { return nil }
            let line = (try? Files.readStream("/proc/\(name)/cmdline", limit: 65_536)) ?? []
            return String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self).contains(command) ? process : nil
        }
    }

    /// Loop devices whose file is below a folder.
    static func loopDevices(below folder: String) -> [String] {
        Files.names(in: "/sys/block").filter { name in
            let file = (try? Files.readStream("/sys/block/\(name)/loop/backing_file", limit: 4096)) ?? []
            return String(decoding: file, as: UTF8.self).hasPrefix(folder)
        }
    }

    /// Whether anything is mounted that has to do with the folder.
    static func mounts(below folder: String) throws -> Bool {
        String(decoding: try Files.readStream("/proc/self/mountinfo"), as: UTF8.self).contains(folder)
    }

    /// Control groups that a process has made and that are still there.
    static func controlGroups(of process: Int32) throws -> String {
        try Shell.run("find /sys/fs/cgroup -maxdepth 6 -type d -name 'ingot-\(process):*' 2>/dev/null || true", in: "/")
    }

    /// Waits until it holds, ten seconds at most.
    static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<1000 {
            if try condition() { return true }
            usleep(10_000)
        }
        return false
    }

    /// The kilobytes of memory that this process has.
    static func residentMemory() throws -> Int {
        let text = String(decoding: try Files.readStream("/proc/self/status"), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// A folder of the host that everybody may write to, as /tmp is, and whose parents everybody may enter.
    static func withOpenFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = "/tmp/ingot-probe-\(try Random.token())"
        try Files.makeFolders(path, permissions: 0o755)
        try Files.setMode(bytes: Array(path.utf8), 0o777)
        defer { try? Files.removeTree(path) }
        return try body(path)
    }
}
