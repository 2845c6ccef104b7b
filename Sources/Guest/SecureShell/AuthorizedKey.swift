import Crypto
import FoundationEssentials
import ImageStore
import Model

/// A key that lets somebody log in: one line of an `authorized_keys` file (sshd(8)).
package struct AuthorizedKey: Hashable, Sendable {
    /// `ssh-ed25519`
    package let type: String
    /// As `ssh-keygen -l` tells it: `SHA256:` and base64 without padding.
    package let fingerprint: String
    package let comment: String
    /// `restrict,command="…"` as it stands; empty where there is none.
    package let options: String
    package let place: LinePlace

    package static let types: Set<String> = [
        "ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-ed25519-cert-v01@openssh.com",
        "ssh-rsa-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp384-cert-v01@openssh.com",
        "ecdsa-sha2-nistp521-cert-v01@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com",
    ]

    /// The keys of a file's bytes; lines that are no key are passed over.
    package static func all(in bytes: [UInt8], of path: TreePath) -> [AuthorizedKey] {
        LogicalLines(bytes, of: path, joins: false).lines.compactMap { AuthorizedKey($0) }
    }

    /// Nil where the line is no key.
    init?(_ line: LogicalLines.Line) {
        guard line.text.first != "#" else { return nil }
        let words = Self.words(line.text)
        guard let index = words.indices.prefix(2).first(where: { Self.types.contains(words[$0]) }), index + 1 < words.count,
            let blob = Data(base64Encoded: words[index + 1]), !blob.isEmpty
        else { return nil }
        type = words[index]
        let digest = Data(SHA256.digest(of: Array(blob)).bytes).base64EncodedString()
        fingerprint = "SHA256:" + digest.prefix { $0 != "=" }
        comment = words.dropFirst(index + 2).joined(separator: " ")
        options = index == 0 ? "" : words[0]
        place = line.place
    }

    /// Words between blanks that stand in no quotes.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var previous: Character = " "
        for character in text {
            if character == "\"" && previous != "\\" { isQuoted.toggle() }
            previous = character
            if character.isWhitespace && !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
