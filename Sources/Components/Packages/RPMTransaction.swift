import Model

/// The table that dnf and yum print of what they would do (`--assumeno`), in the C locale. Pure.
///
///     Upgrading:
///      openssl-libs            x86_64  1:3.0.7-27.el9  baseos  2.1 M
///     Installing dependencies:
///      a-package-with-a-long-name-that-has-a-line-of-its-own
///                              noarch  1.0-1.el9       baseos   12 k
package struct RPMTransaction: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package var name: String
        package var architecture: String
        package var version: String

        package init(name: String, architecture: String, version: String) {
            self.name = name
            self.architecture = architecture
            self.version = version
        }
    }

    /// What is updated or comes.
    package private(set) var changes: [Row] = []
    package private(set) var removals: [String] = []
    package private(set) var skipped: [String] = []
    /// Whether there is a table at all; without one there is nothing to do, or something is wrong.
    package private(set) var isThere = false

    private enum Section {
        case changes, removals, skipped, other
    }

    package init(_ lines: [String]) {
        var section: Section?
        var fields: [String] = []
        for line in lines {
            if line.hasPrefix("Transaction Summary") { break }
            if !line.hasPrefix(" ") {
                fields = []
                section = line.hasSuffix(":") ? Self.section(line) : section
                if section != nil { isThere = true }
                continue
            }
            guard let section else { continue }
            fields += line.split(separator: " ").map(String.init)
            // Name, architecture, version, repository, and the size with its unit.
            if fields.count < 5 { continue }
            switch section {
            case .changes: changes.append(Row(name: fields[0], architecture: fields[1], version: fields[2]))
            case .removals: removals.append(fields[0])
            case .skipped: skipped.append(fields[0])
            case .other: break
            }
            fields = []
        }
    }

    private static func section(_ line: String) -> Section {
        let words = line.split(separator: " ")
        switch words.first {
        case "Upgrading:", "Updating:", "Installing:", "Installing", "Updating", "Upgrading": return .changes
        case "Removing:", "Removing": return .removals
        case "Skipping", "Skipped": return .skipped
        default: return .other
        }
    }
}
