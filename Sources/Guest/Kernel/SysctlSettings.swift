import ImageStore
import Model

/// What sets kernel parameters at boot, read as systemd-sysctl does, see sysctl.d(5): the folders' files by name, of those with the
/// same name the one of the earliest folder, and the last value of a name wins.
///
/// `/etc/sysctl.conf` counts where a link of `/etc/sysctl.d` leads to it, as Debian has it.
package struct SysctlSettings: Sendable {
    package struct Setting: Hashable, Sendable {
        /// Parts with dots between: `net.ipv4.conf.all.rp_filter`. A dot that belongs to a part is a slash here, as sysctl(8) writes it.
        package let name: String
        /// Nil: the patterns of other lines do not mean this name.
        package let value: String?
        package let place: LinePlace
        /// Whether a leading minus says that it does not matter if the kernel refuses.
        package let ignoresFailure: Bool
    }

    package static let folders: [TreePath] = [
        "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d",
    ]
    package static let main: TreePath = "/etc/sysctl.conf"

    /// In the order in which they are read.
    package let all: [Setting]

    /// - Parameter mainFileLast: whether `/etc/sysctl.conf` is read behind all else, as `sysctl --system` of procps does.
    package init(_ guest: any TreeView, mainFileLast: Bool = false) throws(Failure) {
        var files = try DropIns.files(in: Self.folders, of: guest)
        if mainFileLast { files.append(Self.main) }
        var all: [Setting] = []
        for file in files {
            all += try LogicalLines(file, in: guest, joins: false).lines.compactMap { Self.parse($0.text, $0.place) }
        }
        self.all = all
    }

    /// The lines that name a parameter, however they write it; patterns are not among them.
    package func lines(of name: String) -> [Setting] {
        let name = Self.dotted(name)
        return all.filter { $0.name == name && $0.value != nil }
    }

    /// What counts for a parameter in the end: the last line that names it, else the last pattern that means it.
    package func effective(_ name: String) -> Setting? {
        let name = Self.dotted(name)
        let named = all.last { $0.name == name }
        if let named { return named.value == nil ? nil : named }
        return all.last { $0.value != nil && Self.isPattern($0.name) && Self.matches($0.name, name) }
    }

    /// The last line of each name, patterns among them, by name; excluded names are left out.
    package var effective: [Setting] {
        var last: [String: Setting] = [:]
        for setting in all { last[setting.name] = setting }
        return last.values.filter { $0.value != nil }.sorted { $0.name < $1.name }
    }

    private static func parse(_ line: String, _ place: LinePlace) -> Setting? {
        guard let first = line.first, first != "#", first != ";" else { return nil }
        let ignoresFailure = first == "-"
        let line = ignoresFailure ? line.dropFirst() : line[...]
        guard let equals = line.firstIndex(of: "=") else {
            // Only the minus makes a name alone mean something.
            return ignoresFailure ? Setting(name: dotted(trimmed(line)), value: nil, place: place, ignoresFailure: true) : nil
        }
        let value = line[line.index(after: equals)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return Setting(name: dotted(trimmed(line[..<equals])), value: value, place: place, ignoresFailure: ignoresFailure)
    }

    /// `net/ipv4/conf/eth0.1/rp_filter`: where the first separator is a slash, slashes separate and dots belong to names.
    package static func dotted(_ name: String) -> String {
        guard let separator = name.first(where: { $0 == "." || $0 == "/" }), separator == "/" else { return name }
        let swapped = name.drop { $0 == "/" }.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 }
        return String(swapped)
    }

    private static func isPattern(_ name: String) -> Bool { name.contains { "*?[".contains($0) } }

    /// As glob(7): a pattern matches within one part.
    private static func matches(_ pattern: String, _ name: String) -> Bool {
        let patterns = pattern.split(separator: ".", omittingEmptySubsequences: false)
        let names = name.split(separator: ".", omittingEmptySubsequences: false)
        guard patterns.count == names.count else { return false }
        return zip(patterns, names).allSatisfy { part, name in
            guard let name = Name(name) else { return false }
            return NamePattern(part).matches(name)
        }
    }
}
