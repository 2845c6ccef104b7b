import Crypto
import Evidence
import FoundationEssentials
import Model
import Platform
import TestSupport
import Testing

@Suite struct EnvelopeTests {
    static let key = Ed25519.PrivateKey(seed: [UInt8](repeating: 1, count: 32))
    static let other = Ed25519.PrivateKey(seed: [UInt8](repeating: 2, count: 32))
    static let root = SHA256.digest(of: "an image")

    /// A signed statement about `root`.
    static func signed(type: String = Statement.payloadType, _ change: (inout String) -> Void = { _ in }) throws -> String {
        let key = try #require(key)
        var text = String(
            decoding: try Statement.bytes(.init(name: "web/1.0.0/1", root: root), "urn:test:v1", ["clean": true]), as: UTF8.self)
        change(&text)
        return try Envelope(Array(text.utf8), type: type, signedBy: key).json()
    }

    private func verify(
        _ text: String, trusting keys: [Ed25519.PrivateKey?] = [key], about root: Digest? = nil
    ) throws(Failure) -> EnvelopeVerification {
        try EnvelopeVerification(
            Array(text.utf8), what: "file.json", trusting: keys.compactMap { $0?.publicKey }, about: root)
    }

    private func refused(_ text: String, _ code: Failure.Code, _ part: String, trusting keys: [Ed25519.PrivateKey?] = [key]) {
        let failure = #expect(throws: Failure.self) { _ = try verify(text, trusting: keys) }
        #expect(failure?.code == code && failure?.message.contains(part) == true, "\(failure?.message ?? "")")
    }

    @Test("what is signed is what the specification of DSSE gives as its example")
    func preAuthenticationEncoding() {
        let encoded = Envelope.preAuthenticationEncoding("http://example.com/HelloWorld", Array("hello world".utf8))
        #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        // Lengths are of bytes, not of characters.
        #expect(Envelope.preAuthenticationEncoding("\u{E4}", []) == Array("DSSEv1 2 \u{E4} 0 ".utf8))
    }

    @Test("a signed statement verifies against its key, and about its image")
    func verifies() throws {
        let verified = try verify(try Self.signed(), about: Self.root)
        #expect(verified.statement.predicateType == "urn:test:v1" && verified.signer == Self.key?.publicKey)
        #expect(verified.statement.predicate["clean"] == .boolean(true))
        // Of several trusted keys the one that signed is told.
        #expect(try verify(try Self.signed(), trusting: [Self.other, Self.key]).signer == Self.key?.publicKey)
    }

    @Test("a statement about another image fails and says about which")
    func otherImage() throws {
        let failure = #expect(throws: Failure.self) { _ = try verify(try Self.signed(), about: SHA256.digest(of: "other")) }
        #expect(failure?.code == .failed && failure?.hint?.contains(Self.root.hex) == true)
    }

    @Test("without a trusted key nothing is valid, whatever key id the file names")
    func untrusted() throws {
        let text = try Self.signed()
        refused(text, .denied, "no key is trusted", trusting: [])
        refused(text, .denied, "no valid signature", trusting: [Self.other])
        let id = try #require(Self.key?.publicKey.id)
        let named = try #require(Self.other?.publicKey.id)
        refused(text.replacing(id, with: named), .denied, "no valid signature", trusting: [Self.other])
    }

    @Test("a key id is a hint: a wrong one or none changes nothing")
    func keyID() throws {
        let text = try Self.signed()
        let id = try #require(Self.key?.publicKey.id)
        _ = try verify(text.replacing(id, with: "0000"))
        _ = try verify(text.replacing("\"keyid\":\"\(id)\",", with: ""))
    }

    @Test("a signature that was stripped, or is of nothing, is none")
    func stripped() throws {
        let text = try Self.signed()
        let start = try #require(text.firstRange(of: "\"signatures\":["))
        refused(text[..<start.upperBound] + "]}", .denied, "not signed")
        refused(text[..<start.upperBound] + "{\"sig\":\"\"}]}", .denied, "no valid signature")
        refused(text[..<start.upperBound] + "{}]}", .invalid, "no 'sig'")
        refused(text[..<start.upperBound] + "{\"sig\":\"%%%%\"}]}", .invalid, "no 'sig'")
    }

    @Test("a payload of another type is not taken for a statement, signed or not")
    func payloadType() throws {
        refused(try Self.signed(type: "application/json"), .invalid, "is signed as 'application/json'")
        // The type is part of what is signed.
        let text = try Self.signed().replacing(Statement.payloadType, with: "application/json")
        refused(text, .denied, "no valid signature")
        let moved = try Self.signed(type: "application/json").replacing("application/json", with: Statement.payloadType)
        refused(moved, .denied, "no valid signature")
    }

    @Test("a signed payload that is no statement is refused by what it lacks")
    func noStatement() throws {
        refused(try Self.signed { $0 = "hello" }, .invalid, "no JSON")
        refused(try Self.signed { $0 = "{}" }, .invalid, "in-toto Statement")
        refused(try Self.signed { $0.replace(Statement.type, with: "https://in-toto.io/Statement/v0.1") }, .invalid, "version 1")
        refused(try Self.signed { $0.replace("urn:test:v1", with: "") }, .invalid, "predicateType")
        refused(try Self.signed { $0.replace("\"sha256\":\"\(Self.root.hex)\"", with: "") }, .invalid, "no digest")
        refused(try Self.signed { $0.replace("{\"_type\"", with: "{\"_type\":\"x\",\"_type\"") }, .invalid, "twice")
    }

    @Test("base64 in another form than the one padded one is refused")
    func base64() throws {
        let text = try Self.signed()
        let start = try #require(text.firstRange(of: "\"payload\":\""))
        for piece in ["\\n", " ", "=", "-"] {
            refused(text[..<start.upperBound] + piece + text[start.upperBound...], .invalid, "base64")
        }
    }

    @Test("names that are there twice, and what is no envelope, are refused")
    func structure() throws {
        let text = try Self.signed()
        refused(text.replacing("{\"payload\"", with: "{\"payloadType\":\"x\",\"payload\""), .invalid, "twice")
        refused("[]", .invalid, "no DSSE envelope")
        refused("{\"payload\":1,\"payloadType\":\"x\",\"signatures\":[]}", .invalid, "no DSSE envelope")
        let many = String(repeating: "{\"sig\":\"\"},", count: 100)
        refused("{\"payload\":\"\",\"payloadType\":\"x\",\"signatures\":[\(many.dropLast())]}", .invalid, "100 signatures")
    }

    @Test("an envelope cut off at any byte, or with any byte changed, is never valid")
    func damage() throws {
        let bytes = Array(try Self.signed().utf8)
        let keys = [try #require(Self.key).publicKey]
        for length in 0..<bytes.count {
            #expect(throws: Failure.self) {
                _ = try EnvelopeVerification(Array(bytes.prefix(length)), what: "file.json", trusting: keys)
            }
        }
        let id = try #require(Self.key?.publicKey.id)
        let hint = try #require(String(decoding: bytes, as: UTF8.self).firstRange(of: id))
        let text = String(decoding: bytes, as: UTF8.self)
        let hintBytes =
            text.utf8.distance(
                from: text.startIndex, to: hint.lowerBound)..<text.utf8.distance(
                from: text.startIndex, to: hint.upperBound)
        for position in 0..<bytes.count where !hintBytes.contains(position) {
            var changed = bytes
            changed[position] ^= 0x01
            // The name of the hint is not signed either: without it the envelope is as good.
            if (try? EnvelopeVerification(changed, what: "file.json", trusting: keys)) != nil {
                let name = String(decoding: changed, as: UTF8.self)
                #expect(!name.contains("\"keyid\":"), "byte \(position)")
            }
        }
    }

    @Test("a file that is too large is refused before it is read as JSON")
    func large() {
        let bytes = [UInt8](repeating: 0x20, count: JSONReader.maximumBytes + 1)
        let failure = #expect(throws: Failure.self) { _ = try EnvelopeVerification(bytes, what: "file.json", trusting: []) }
        #expect(failure?.message.contains("more than") == true)
    }
}
