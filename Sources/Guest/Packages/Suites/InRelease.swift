import Crypto
import Model
import Text

/// What counts in a suite's `InRelease` file (https://wiki.debian.org/DebianRepository/Format): which packages there are.
///
/// `Valid-Until`, and `Date` of most suites, change every day without any other change; so the state of a mirror is the digest of the
/// index lines alone. The signature is not looked at here: apt checks it when it downloads, and who reads indexes himself does it first.
package struct InRelease: Equatable {
    /// When the suite was published.
    package let date: Instant
    /// Until when it may be used; nil where it does not say, as suites that do not change.
    package let validUntil: Instant?
    package let components: [String]
    /// `Debian bookworm-security`, for people.
    package let title: String
    /// Whether apt takes nothing from it by itself, as from backports and experimental.
    package let isNotAutomatic: Bool
    /// The SHA-256 of each index by its path.
    private let indexes: [String: String]

    package init(parsing text: String, url: String) throws(Failure) {
        var fields: [Substring: Substring] = [:]
        var indexes: [String: String] = [:]
        var field: Substring = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("-----BEGIN PGP SIGNATURE") { break }
            if line.hasPrefix(" ") {
                let words = line.split(separator: " ")
                if field == "SHA256", words.count == 3 { indexes[String(words[2])] = String(words[0]) }
            } else if let colon = line.firstIndex(of: ":") {
                field = line[..<colon]
                fields[field] = line[line.index(after: colon)...].drop { $0 == " " }
            }
        }
        guard let date = fields["Date"].flatMap(Self.date), !indexes.isEmpty else {
            throw Failure(
                .invalid, "\(url) is not the release file of a Debian archive", hint: "check the recipe's mirror and suite")
        }
        self.date = date
        validUntil = fields["Valid-Until"].flatMap(Self.date)
        title = ["Origin", "Codename"].compactMap { fields[Substring($0)] }.joined(separator: " ")
        isNotAutomatic = fields["NotAutomatic"]?.hasPrefix("yes") ?? false
        self.indexes = indexes
        // The security archive says `updates/main`.
        components = fields["Components"]?.split(separator: " ").map { String($0.split(separator: "/").last ?? $0) } ?? []
    }

    /// The SHA-256 of an index, in hexadecimal digits: of `main/binary-amd64/Packages`.
    package func digest(of index: String) -> String? { indexes[index]?.lowercased() }

    /// The paths of all package indexes, without compression, for an architecture or for all.
    package func packageIndexes(of architecture: String) -> [String] {
        indexes.keys.filter { $0.hasSuffix("/binary-\(architecture)/Packages") && !$0.contains("debian-installer") }.sorted()
    }

    /// The digest of all package indexes of the components, for every machine architecture that Ingot builds.
    package func state(of wanted: [String], url: String) throws(Failure) -> Digest {
        var hasher = SHA256()
        for component in wanted.sorted() {
            guard components.contains(component) else {
                throw Failure(
                    .notFound, "\(url) has no component '\(component)'",
                    hint: Suggestion.hint(for: component, among: components))
            }
            for architecture in ["all", "amd64", "arm64"] {
                let path = "\(component)/binary-\(architecture)/Packages"
                hasher.update("\(path) \(indexes[path] ?? "-")\n")
            }
        }
        return hasher.finish()
    }

    /// `Sat, 11 Jul 2026 10:16:37 UTC`; day and hour may have one digit.
    private static func date(_ text: Substring) -> Instant? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 6, ["UTC", "GMT", "+0000"].contains(words[5]), let month = months.firstIndex(of: words[2]) else {
            return nil
        }
        let day = padded(words[1], to: 2)
        return try? Instant(parsing: "\(words[3])-\(padded("\(month + 1)", to: 2))-\(day)T\(padded(words[4], to: 8))Z")
    }

    private static func padded(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
