import ImageStore
import Model

/// `logs`: a log file becomes empty where somebody expects it: where a package owns it or its folder, or where the configuration of
/// rsyslog or logrotate names it. All others go. Where nobody knows what packages own, all become empty.
package struct EmptyLogs: ScrubKind {
    package static let name = "logs"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let files = try work.fileTargets()
        guard !files.isEmpty else { return }
        let knowsPackages = try work.packaged.isKnown()
        let named = try LogReferences(in: work.editor)
        for path in files {
            let stays = knowsPackages ? try isExpected(path, named, work) : true
            if stays { try work.replace(path, with: []) } else { try work.remove(path) }
        }
    }

    private func isExpected(_ path: TreePath, _ named: LogReferences, _ work: ScrubWork) throws(Failure) -> Bool {
        if named.contain(path) { return true }
        if try work.packaged.own(path.parent) { return true }
        return try work.packaged.own(path)
    }
}

/// The log files that the configuration of rsyslog and logrotate names.
struct LogReferences {
    private var patterns: [Wildcard] = []

    init(in view: any TreeView) throws(Failure) {
        var files: [TreePath] = ["/etc/rsyslog.conf", "/etc/logrotate.conf"]
        for folder in ["/etc/rsyslog.d", "/etc/logrotate.d"] as [TreePath] {
            for (name, _) in try view.children(of: try view.resolve(folder)) ?? [] { files.append(folder.appending(name)) }
        }
        for file in files where try view.resolvedNode(file)?.content != nil {
            for line in LineFile(try view.read(file) ?? []).lines where line.first != UInt8(ascii: "#") { try add(line) }
        }
    }

    /// rsyslog writes `-/var/log/x`, where it need not wait for the disk; both allow quotes.
    private mutating func add(_ line: [UInt8]) throws(Failure) {
        let isEnd = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x22 || byte == UInt8(ascii: "{") }
        for word in line.split(whereSeparator: isEnd) {
            let path = word.first == UInt8(ascii: "-") ? word.dropFirst() : word
            guard path.starts(with: "/var/log/".utf8) else { continue }
            // What is no pattern names no file either.
            do throws(Failure) { patterns.append(try Wildcard(path)) } catch { continue }
        }
    }

    func contain(_ path: TreePath) -> Bool {
        let bytes = path.bytes
        return patterns.contains { $0.matches(bytes) }
    }
}
