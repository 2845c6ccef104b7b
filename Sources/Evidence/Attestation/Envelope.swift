import Text
import Crypto
import Model

/// A signed message: DSSE, the Dead Simple Signing Envelope, version 1.
///
/// What is signed is the type and the bytes together, so that a message cannot be taken for one of another type.
package struct Envelope: Sendable, Hashable {
    package let payloadType: String
    package let payload: [UInt8]
    package let signatures: [Signature]

    package struct Signature: Sendable, Hashable {
        /// A hint which key made it. It is not signed, and nothing follows from it.
        package let keyID: String?
        package let bytes: [UInt8]

        package init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    package init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Signs a message.
    package init(_ payload: [UInt8], type: String, signedBy key: Ed25519.PrivateKey) {
        let signature = key.sign(Self.preAuthenticationEncoding(type, payload))
        self.init(
            payloadType: type, payload: payload, signatures: [Signature(keyID: key.publicKey.id, bytes: signature)])
    }

    /// The bytes that are signed: `DSSEv1`, then type and message, each behind its length in bytes as a decimal number.
    package static func preAuthenticationEncoding(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// The first of `keys` that made one of the signatures; nil where none did.
    package func signer(among keys: [Ed25519.PublicKey]) -> Ed25519.PublicKey? {
        let message = Self.preAuthenticationEncoding(payloadType, payload)
        return keys.first { key in signatures.contains { key.verifies($0.bytes, of: message) } }
    }
}

// MARK: - JSON

extension Envelope {
    /// More signatures than this are not looked at.
    package static let maximumSignatures = 64

    private struct Document: Encodable {
        let payload: String
        let payloadType: String
        let signatures: [Entry]

        struct Entry: Encodable {
            let keyid: String?
            let sig: String
        }
    }

    package func json() throws(Failure) -> String {
        let entries = signatures.map { Document.Entry(keyid: $0.keyID, sig: Base64.text($0.bytes)) }
        return try CanonicalJSON.text(
            of: Document(payload: Base64.text(payload), payloadType: payloadType, signatures: entries))
    }

    /// Reads an envelope from whoever sent it. Fields that DSSE does not know are passed over, as it wants.
    package init(reading bytes: [UInt8], what: String) throws(Failure) {
        let document = try JSONReader.read(bytes, what: what)
        guard let type = document["payloadType"]?.string, let text = document["payload"]?.string,
            let entries = document["signatures"]?.array
        else {
            throw Failure(
                .invalid, "\(what) is no DSSE envelope: it lacks 'payload', 'payloadType' or 'signatures'",
                hint: "`ingot certificate IMAGE --output-dir DIR` writes envelopes")
        }
        guard let payload = Base64.decodeStrictly(text) else {
            throw Failure(.invalid, "the payload of \(what) is not base64 in its one padded form")
        }
        guard !entries.isEmpty else { throw Failure(.denied, "\(what) is not signed: its list of signatures is empty") }
        guard entries.count <= Self.maximumSignatures else {
            throw Failure(
                .invalid, "\(what) has \(entries.count) signatures, more than the \(Self.maximumSignatures) that are read")
        }
        var signatures: [Signature] = []
        for entry in entries {
            guard let text = entry["sig"]?.string, let bytes = Base64.decodeStrictly(text) else {
                throw Failure(.invalid, "a signature of \(what) has no 'sig' in base64")
            }
            signatures.append(Signature(keyID: entry["keyid"]?.string, bytes: bytes))
        }
        self.init(payloadType: type, payload: payload, signatures: signatures)
    }
}
