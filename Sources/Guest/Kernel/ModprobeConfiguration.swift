import ImageStore
import Model

/// What says how kernel modules are loaded: modprobe.d(5).
package struct ModprobeConfiguration: Sendable {
    package enum Command: String, Sendable, CaseIterable {
        case alias, blacklist, install, options, remove, softdep
    }

    package struct Entry: Hashable, Sendable {
        package let command: Command
        /// The module, or the pattern of an `alias`, with `_` for every `-`: the kernel takes them for the same.
        package let module: String
        /// All behind the module, with one blank between words.
        package let arguments: String
        package let place: LinePlace
    }

    package static let folders: [TreePath] = [
        "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d",
    ]
    /// Commands of `install` that load nothing.
    private static let refusing: Set<String> = ["/bin/false", "/usr/bin/false", "/bin/true", "/usr/bin/true"]

    /// In the order in which they are read.
    package let entries: [Entry]

    package init(_ guest: any TreeView) throws(Failure) {
        var entries: [Entry] = []
        for file in try DropIns.files(in: Self.folders, of: guest) {
            for line in try LogicalLines(file, in: guest).lines where line.text.first != "#" {
                let words = line.text.split(whereSeparator: \.isWhitespace)
                guard words.count >= 2, let command = Command(rawValue: String(words[0])) else { continue }
                entries.append(
                    Entry(
                        command: command, module: Self.normal(words[1]), arguments: words.dropFirst(2).joined(separator: " "),
                        place: line.place))
            }
        }
        self.entries = entries
    }

    package func entries(of module: String) -> [Entry] {
        let module = Self.normal(module)
        return entries.filter { $0.module == module && $0.command != .alias }
    }

    /// Whether the kernel does not load it by an alias of a device or file system.
    package func isBlacklisted(_ module: String) -> Bool { entries(of: module).contains { $0.command == .blacklist } }

    /// Whether `modprobe` of its name does nothing. The first `install` of a module counts.
    package func isRefused(_ module: String) -> Bool {
        entries(of: module).first { $0.command == .install }.map { Self.refuses($0.arguments) } ?? false
    }

    /// Whether the command of an `install` loads nothing.
    package static func refuses(_ command: String) -> Bool { refusing.contains(command) }

    private static func normal(_ module: some StringProtocol) -> String { String(module.map { $0 == "-" ? "_" : $0 }) }
}
