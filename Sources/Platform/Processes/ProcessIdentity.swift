import Glibc

/// Processes by a name that no later process of the same number has: `pid:started`, where `started` is in clock ticks since the
/// machine booted.
package enum ProcessIdentity {
    /// The name of this process.
    package static let own = "\(getpid()):\(started(getpid()) ?? "0")"

    /// Whether the process of a name is gone. A name of another form is taken to live.
    package static func isDead(_ name: String) -> Bool {
        let parts = name.split(separator: ":")
        guard parts.count == 2, let process = Int32(parts[0]) else { return false }
        return started(process) != String(parts[1])
    }

    package static func kill(_ process: Int32) { _ = Glibc.kill(process, SIGKILL) }

    /// Field 22 of /proc/PID/stat; nil also for a process that has ended and waits for its parent to ask how (a zombie), which under
    /// an init that never asks is for ever. The name in field 2 may hold blanks and parentheses, so counting starts after the last `)`.
    private static func started(_ process: Int32) -> String? {
        guard let bytes = try? Files.readStream("/proc/\(process)/stat", limit: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }
}
