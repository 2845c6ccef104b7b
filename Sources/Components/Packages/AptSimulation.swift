import Model

/// What `apt-get -s` prints in the C locale. Pure.
///
///     Inst openssl [3.0.20-1~deb12u2] (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64]) []
///     Remv nginx [1.22.1-9+deb12u8]
package struct AptSimulation: Hashable, Sendable {
    package private(set) var changes: [PackageChange] = []
    package private(set) var removals: [String] = []
    package private(set) var keptBack: [String] = []

    package init(_ lines: [String]) throws(Failure) {
        var isKeptBack = false
        for line in lines {
            if isKeptBack && line.hasPrefix("  ") {
                keptBack += line.split(separator: " ").map(String.init)
                continue
            }
            isKeptBack = line == "The following packages have been kept back:"
            if line.hasPrefix("Inst ") {
                changes.append(try Self.change(line))
            } else if line.hasPrefix("Remv ") {
                removals.append(String(line.dropFirst("Remv ".count).prefix { $0 != " " }))
            }
        }
    }

    private static func change(_ line: String) throws(Failure) -> PackageChange {
        var rest = line.dropFirst("Inst ".count)
        let name = take(&rest, upTo: " ")
        var installed: String?
        if rest.first == "[" {
            rest = rest.dropFirst()
            installed = take(&rest, upTo: "]")
            rest = rest.dropFirst()
        }
        // Behind the version stand the archives that have it, then the architecture: `(1.0 Debian:12/stable, Local:/ [amd64])`.
        guard rest.first == "(", let end = end(of: rest) else { throw notUnderstood(line) }
        var inner = rest[..<end].dropFirst()
        let candidate = take(&inner, upTo: " ")
        guard let bracket = inner.lastIndex(of: "["), !name.isEmpty, !candidate.isEmpty else { throw notUnderstood(line) }
        return PackageChange(
            name: name, architecture: String(inner[bracket...].dropFirst()), installed: installed, candidate: candidate,
            isSecurity: isSecurity(inner[..<bracket]))
    }

    /// Where the architecture of the candidate ends: before `])`.
    private static func end(of text: Substring) -> Substring.Index? {
        text.indices.first { text[$0] == "]" && text[text.index(after: $0)...].first == ")" }
    }

    /// `Debian-Security:12/oldstable-security`, `Ubuntu:22.04/jammy-security`; a label may have blanks in it.
    private static func isSecurity(_ archives: Substring) -> Bool {
        let archives = archives.lowercased()
        return archives.split(separator: ",").contains { archive in
            var archive = archive[...]
            while archive.last == " " { archive.removeLast() }
            while archive.first == " " { archive.removeFirst() }
            return archive.hasSuffix("-security") || archive.hasPrefix("debian-security:")
        }
    }

    private static func take(_ text: inout Substring, upTo end: Character) -> String {
        let found = text.firstIndex(of: end) ?? text.endIndex
        defer { text = text[found...].dropFirst() }
        return String(text[..<found])
    }

    private static func notUnderstood(_ line: String) -> Failure {
        Failure(.failed, "apt-get's simulation has a line that is not understood: \(line.prefix(200))")
    }
}
