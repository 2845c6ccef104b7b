import ImageStore
import Model

/// The archives that an image's apt reads: sources.list(5), in both of its forms.
struct AptSources {
    private(set) var archives: [DebianArchives.Archive] = []

    init(in view: any TreeView) throws(Failure) {
        if let text = try view.text("/etc/apt/sources.list") { readLines(text) }
        let folder: TreePath = "/etc/apt/sources.list.d"
        for (name, _) in try view.children(of: try view.resolve(folder)) ?? [] {
            let file = name.description
            guard let text = try view.text(folder.appending(name)) else { continue }
            if file.hasSuffix(".list") { readLines(text) }
            if file.hasSuffix(".sources") { readStanzas(text) }
        }
    }

    /// `deb [signed-by=…] http://deb.debian.org/debian bookworm main`
    private mutating func readLines(_ text: String) {
        for line in text.split(separator: "\n") {
            var words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
            guard words.first == "deb" else { continue }
            words.removeFirst()
            if words.first?.hasPrefix("[") == true, let end = words.firstIndex(where: { $0.hasSuffix("]") }) {
                words.removeSubrange(...end)
            }
            guard words.count >= 3 else { continue }
            add(words[0], suite: words[1], components: Array(words[2...]))
        }
    }

    /// Paragraphs of fields: `Types`, `URIs`, `Suites`, `Components`, `Enabled`.
    private mutating func readStanzas(_ text: String) {
        var fields: [String: [String]] = [:]
        var field = ""
        for line: Substring in text.split(separator: "\n", omittingEmptySubsequences: false) + [""] {
            if line.allSatisfy(\.isWhitespace) {
                take(fields)
                fields = [:]
            } else if line.first == " " || line.first == "\t" {
                fields[field, default: []] += line.split(separator: " ").map(String.init)
            } else if line.first != "#", let colon = line.firstIndex(of: ":") {
                field = line[..<colon].lowercased()
                fields[field] = line[line.index(after: colon)...].split(separator: " ").map(String.init)
            }
        }
    }

    private mutating func take(_ fields: [String: [String]]) {
        guard fields["types"]?.contains("deb") == true, fields["enabled"]?.first?.lowercased() != "no" else { return }
        for address in fields["uris"] ?? [] {
            for suite in fields["suites"] ?? [] { add(address, suite: suite, components: fields["components"] ?? []) }
        }
    }

    private mutating func add(_ address: String, suite: String, components: [String]) {
        guard address.hasPrefix("http://") || address.hasPrefix("https://"), !suite.hasSuffix("/") else { return }
        let mirror = address.hasSuffix("/") ? String(address.dropLast()) : address
        let archive = DebianArchives.Archive(mirror: mirror, suite: suite, components: components)
        if !archives.contains(archive) { archives.append(archive) }
    }
}
