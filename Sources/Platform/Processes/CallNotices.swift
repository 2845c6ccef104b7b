import CLinux
import Glibc

/// Calls of programs that this process is asked about before they happen (SECCOMP_RET_USER_NOTIF of seccomp(2)).
package final class CallNotices: Sendable {
    private let listener: FileDescriptor

    /// Readable where a call waits.
    package var raw: Int32 { listener.raw }

    /// What a process that prepared itself with `Steps.watchCalls` has sent.
    package init(from channel: borrowing DescriptorChannel) throws(SystemError) {
        listener = try channel.receive("notices of system calls")
    }

    package enum Call: Sendable, Hashable {
        case mount
        case unmount
        /// sync(2) and syncfs(2).
        case synchronize
        case other
    }

    /// A call that waits.
    package struct Notice: Sendable {
        fileprivate let id: UInt64
        /// The calling thread.
        package let process: Int32
        package let call: Call
        package let arguments: [UInt64]
    }

    /// Nil where the caller is gone.
    package func next() -> Notice? {
        var notice = clinux_notice()
        guard unsafe clinux_next_notice(listener.raw, &notice) == 0 else { return nil }
        let call: Call =
            switch UInt32(bitPattern: notice.call) {
            case CLINUX_CALL_MOUNT.rawValue: .mount
            case CLINUX_CALL_UNMOUNT.rawValue: .unmount
            case CLINUX_CALL_SYNC.rawValue: .synchronize
            default: .other
            }
        let words = notice.arguments
        return Notice(
            id: notice.id, process: notice.process, call: call,
            arguments: [words.0, words.1, words.2, words.3, words.4, words.5])
    }

    /// Whether what was read of the caller until now is really its own: it waits still, so its number is no other process's.
    package func isWaiting(_ notice: Notice) -> Bool { clinux_notice_is_valid(listener.raw, notice.id) != 0 }

    /// Ends a call: with an error, or with 0.
    package func answer(_ notice: Notice, error: Int32) { _ = clinux_answer_notice(listener.raw, notice.id, error) }

    /// Lets a call happen, with arguments that may be others by then.
    package func pass(_ notice: Notice) { _ = clinux_let_notice(listener.raw, notice.id) }
}

/// The memory and the state of another process.
package struct ForeignProcess: ~Copyable {
    private let folder: String
    private let memory: FileDescriptor

    package init(_ process: Int32) throws(SystemError) {
        folder = "/proc/\(process)"
        memory = try FileDescriptor.open("\(folder)/mem", .read)
    }

    /// The text at an address, without the zero behind it; nil where it has more bytes than that, or lies outside of the process's memory.
    package func text(at address: UInt64, limit: Int = 4095) -> [UInt8]? {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.page)
        while text.count <= limit {
            guard let place = Int(exactly: address)?.addingReportingOverflow(text.count), !place.overflow else { return nil }
            let count = Self.page - place.partialValue % Self.page
            guard let got = try? memory.read(into: &buffer, count: count, at: place.partialValue), got > 0 else { return nil }
            if let end = buffer.prefix(got).firstIndex(of: 0) {
                text += buffer.prefix(end)
                return text.count <= limit ? text : nil
            }
            text += buffer.prefix(got)
        }
        return nil
    }

    private static let page = 4096

    /// The folder that it works in, and the one that it has as its root, as paths in its own mount namespace.
    package func workingFolder() throws(SystemError) -> [UInt8] { try Files.linkTarget(bytes: Array("\(folder)/cwd".utf8)) }
    package func root() throws(SystemError) -> [UInt8] { try Files.linkTarget(bytes: Array("\(folder)/root".utf8)) }

    /// How many filters of system calls it is behind: a number that never gets less, and that its children have, too. Nil before Linux 5.9.
    package func filters() -> Int? { Self.filters("\(folder)/status") }

    /// The user whose rights it has to files, as this process counts users.
    package func fileUser() -> UInt32? { Self.lastWord(of: "Uid:", "\(folder)/status").flatMap { UInt32($0) } }

    /// Those of this process.
    package static func ownFilters() -> Int? { filters("/proc/self/status") }

    private static func filters(_ path: String) -> Int? { lastWord(of: "Seccomp_filters:", path).flatMap { Int($0) } }

    /// The last word of a line of a status file, which for users is that of the file system.
    private static func lastWord(of name: String, _ path: String) -> Substring? {
        guard let bytes = try? Files.readStream(path, limit: 65_536) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: \.isWhitespace).last
    }
}
