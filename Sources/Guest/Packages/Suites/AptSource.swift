import ImageStore
import Model

/// A suite of an archive that an image's apt reads, with whose keys it believes it: an entry of sources.list(5), in either of its forms.
package struct AptSource: Hashable, Sendable {
    /// Without a slash at its end.
    package let address: String
    package let suite: String
    package let components: [String]
    /// What `Signed-By` names: paths of keyrings, or fingerprints; a whole key where the entry holds one. Empty where every key that apt
    /// trusts may sign.
    package let signedBy: [String]

    private static let maximumSize = 1 << 20
    private static let maximumEntries = 10_000

    /// All sources of packages of an image, in the order in which apt reads them.
    package static func all(in view: any TreeView) throws(Failure) -> [AptSource] {
        var sources: [AptSource] = []
        if let text = try text("/etc/apt/sources.list", view) { sources += lines(text) }
        let folder: TreePath = "/etc/apt/sources.list.d"
        for (name, _) in try view.children(of: try view.resolve(folder)) ?? [] {
            let file = name.description
            guard file.hasSuffix(".list") || file.hasSuffix(".sources"), let text = try text(folder.appending(name), view) else {
                continue
            }
            sources += file.hasSuffix(".list") ? lines(text) : stanzas(text)
        }
        return Array(sources.prefix(maximumEntries))
    }

    private static func text(_ path: TreePath, _ view: any TreeView) throws(Failure) -> String? {
        guard let content = try view.resolvedNode(path)?.content, content.size <= UInt64(maximumSize) else { return nil }
        return String(decoding: try content.bytes(from: view.objects, limit: maximumSize), as: UTF8.self)
    }

    /// `deb [signed-by=/a.gpg,/b.gpg arch=amd64] http://deb.debian.org/debian bookworm main`
    private static func lines(_ text: String) -> [AptSource] {
        text.split(separator: "\n").compactMap { line in
            var words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard words.first == "deb" else { return nil }
            words.removeFirst()
            var signedBy: [String] = []
            if words.first?.hasPrefix("[") == true, let end = words.firstIndex(where: { $0.hasSuffix("]") }) {
                for word in words[...end] {
                    let option = word.drop { $0 == "[" }.prefix { $0 != "]" }
                    if option.lowercased().hasPrefix("signed-by=") {
                        signedBy += option.dropFirst("signed-by=".count).split(separator: ",").map(String.init)
                    }
                }
                words.removeSubrange(...end)
            }
            guard words.count >= 2 else { return nil }
            return AptSource(words[0], words[1], Array(words.dropFirst(2)), signedBy)
        }
    }

    /// Paragraphs of fields: `Types`, `URIs`, `Suites`, `Components`, `Signed-By`, `Enabled`.
    private static func stanzas(_ text: String) -> [AptSource] {
        var sources: [AptSource] = []
        var fields: [String: String] = [:]
        var field = ""
        for line: Substring in text.split(separator: "\n", omittingEmptySubsequences: false) + [""] {
            if line.allSatisfy(\.isWhitespace) {
                sources += stanza(fields)
                fields = [:]
            } else if line.first == " " || line.first == "\t" {
                fields[field, default: ""] += "\n" + line
            } else if line.first != "#", let colon = line.firstIndex(of: ":") {
                field = line[..<colon].lowercased()
                fields[field] = String(line[line.index(after: colon)...])
            }
        }
        return sources
    }

    private static func stanza(_ fields: [String: String]) -> [AptSource] {
        func words(_ name: String) -> [String] { fields[name]?.split(whereSeparator: \.isWhitespace).map(String.init) ?? [] }
        guard words("types").contains("deb"), words("enabled").first?.lowercased() != "no" else { return [] }
        var signedBy = words("signed-by")
        if let text = fields["signed-by"], text.contains("-----BEGIN PGP PUBLIC KEY BLOCK") { signedBy = [key(text)] }
        return words("uris").flatMap { address in
            words("suites").map { AptSource(address, $0, words("components"), signedBy) }
        }
    }

    /// A key that a field holds: its lines are indented, and a dot stands for an empty one.
    private static func key(_ text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }.map { $0 == "." ? "" : String($0) }
            .drop(while: \.isEmpty).joined(separator: "\n") + "\n"
    }

    private init(_ address: String, _ suite: String, _ components: [String], _ signedBy: [String]) {
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.suite = suite
        self.components = components
        self.signedBy = signedBy
    }

    /// What the names of its files begin with among apt's lists: `deb.debian.org_debian_dists_bookworm_`.
    package var listPrefix: String {
        let place = address.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == "/" } } ?? ""
        let quoted = "\(place)/dists/\(suite)/".replacing("_", with: "%5f")
        return quoted.map { $0 == "/" ? "_" : String($0) }.joined()
    }
}
