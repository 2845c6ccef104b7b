import Crypto
import Model

/// Checks an envelope offline, against keys that are trusted for other reasons than that they came with it.
package struct EnvelopeVerification {
    package let statement: Statement
    package let signer: Ed25519.PublicKey

    /// `Failure(.denied)` where no trusted key signed it; `.invalid` where it is no statement; `.failed` where it is about another
    /// image than `root`.
    package init(
        _ bytes: [UInt8], what: String, trusting keys: [Ed25519.PublicKey], about root: Digest? = nil
    ) throws(Failure) {
        let envelope = try Envelope(reading: bytes, what: what)
        guard !keys.isEmpty else {
            throw Failure(
                .denied, "\(what) cannot be verified: no key is trusted", hint: "name the signer's public key by --key FILE")
        }
        // Nothing of the payload is believed, or even read, before its signature.
        guard let signer = envelope.signer(among: keys) else {
            throw Failure(
                .denied,
                "\(what) has no valid signature of a trusted key: it was changed, or signed by \(Self.names(of: envelope))",
                hint: "trusted: \(keys.map { String($0.id.prefix(16)) }.joined(separator: ", ")); name another key by --key FILE")
        }
        let statement = try Statement(reading: envelope, what: what)
        if let root, !statement.isAbout(root) {
            let subjects = statement.subjects.map { "sha256:\($0.digest["sha256"] ?? "none")" }.joined(separator: ", ")
            throw Failure(
                .failed, "\(what) is about another image: its subject is not sha256:\(root.hex)",
                hint: "the signature is valid, and the statement is about \(subjects)")
        }
        self.statement = statement
        self.signer = signer
    }

    /// Whom the envelope says that it is signed by.
    private static func names(of envelope: Envelope) -> String {
        let names = envelope.signatures.compactMap(\.keyID).map { String($0.prefix(16)) }
        let safe = names.filter { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
        return safe.isEmpty ? "somebody unnamed" : safe.joined(separator: ", ")
    }
}
