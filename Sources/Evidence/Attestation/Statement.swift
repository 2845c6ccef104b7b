import Crypto
import Model

/// A claim about an image: an in-toto Statement, version 1. The subject's `sha256` is the image's root digest, which is the SHA-256 of
/// its root object and names every byte of it.
package struct Statement: Sendable {
    package static let type = "https://in-toto.io/Statement/v1"
    /// The type of a DSSE payload that is a statement.
    package static let payloadType = "application/vnd.in-toto+json"

    package let subjects: [Subject]
    package let predicateType: String
    package let predicate: JSONValue

    /// What the claim is about.
    package struct Subject: Sendable, Hashable, Codable {
        package let name: String
        /// Digests in hexadecimal by algorithm; at least one.
        package let digest: [String: String]

        package init(name: String, root: Digest) { self.init(name: name, digest: ["sha256": root.hex]) }

        fileprivate init(name: String, digest: [String: String]) {
            self.name = name
            self.digest = digest
        }
    }

    /// The JSON of a statement.
    package static func bytes(
        _ subject: Subject, _ predicateType: String, _ predicate: some Encodable
    ) throws(Failure) -> [UInt8] {
        let text = try CanonicalJSON.text(
            of: Document(_type: type, subject: [subject], predicateType: predicateType, predicate: predicate))
        return Array(text.utf8)
    }

    private struct Document<Predicate: Encodable>: Encodable {
        let _type: String
        let subject: [Subject]
        let predicateType: String
        let predicate: Predicate
    }

    /// Reads the payload of an envelope whose signature has been verified.
    package init(reading envelope: Envelope, what: String) throws(Failure) {
        guard envelope.payloadType == Self.payloadType else {
            throw Failure(
                .invalid, "\(what) is signed as '\(envelope.payloadType.prefix(80))' and not as '\(Self.payloadType)'",
                hint: "what it holds is no statement about an image")
        }
        let document = try JSONReader.read(envelope.payload, what: "the payload of \(what)")
        guard document["_type"]?.string == Self.type else {
            throw Failure(.invalid, "the payload of \(what) is no in-toto Statement of version 1")
        }
        guard let predicateType = document["predicateType"]?.string, !predicateType.isEmpty else {
            throw Failure(.invalid, "the statement in \(what) has no predicateType")
        }
        guard let entries = document["subject"]?.array, !entries.isEmpty else {
            throw Failure(.invalid, "the statement in \(what) has no subject")
        }
        var subjects: [Subject] = []
        for entry in entries {
            guard let digests = entry["digest"]?.object, !digests.isEmpty else {
                throw Failure(.invalid, "a subject of the statement in \(what) has no digest")
            }
            subjects.append(Subject(name: entry["name"]?.string ?? "", digest: digests.compactMapValues(\.string)))
        }
        self.subjects = subjects
        self.predicateType = predicateType
        predicate = document["predicate"] ?? .null
    }

    /// Whether the claim is about the image with this root digest.
    package func isAbout(_ root: Digest) -> Bool { subjects.contains { $0.digest["sha256"] == root.hex } }
}
