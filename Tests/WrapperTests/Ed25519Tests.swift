import Crypto
import Platform
import TestSupport
import Testing

@Suite struct Ed25519Tests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let seed: String
        let publicKey: String
        let message: String
        let signature: String
        var testDescription: String { name }
    }

    /// RFC 8032, section 7.1.
    static let vectors = [
        Vector(
            name: "TEST 1", seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b"),
        Vector(
            name: "TEST 2", seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00"),
        Vector(
            name: "TEST 3", seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a"),
    ]

    @Test("keys and signatures are those of RFC 8032", arguments: vectors)
    func published(_ vector: Vector) throws {
        let key = try #require(Ed25519.PrivateKey(seed: Self.bytes(vector.seed)))
        #expect(key.publicKey.bytes == Self.bytes(vector.publicKey))
        let message = Self.bytes(vector.message)
        let signature = key.sign(message)
        #expect(signature == Self.bytes(vector.signature))
        #expect(key.publicKey.verifies(signature, of: message))
    }

    @Test("a signature with any bit changed, or of any other message or key, does not verify")
    func changed() throws {
        let key = try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32)))
        let message = Array("the message".utf8)
        let signature = key.sign(message)
        for bit in 0..<(64 * 8) {
            var wrong = signature
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verifies(wrong, of: message), "bit \(bit)")
        }
        for length in 0..<64 { #expect(!key.publicKey.verifies(Array(signature.prefix(length)), of: message)) }
        #expect(!key.publicKey.verifies(signature + [0], of: message))
        #expect(!key.publicKey.verifies(signature, of: message + [0]))
        let other = try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 8, count: 32)))
        #expect(!other.publicKey.verifies(signature, of: message))
    }

    @Test("keys of another size and DER of another form are none")
    func wrongForms() throws {
        let key = try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32)))
        #expect(Ed25519.PrivateKey(seed: [1, 2, 3]) == nil && Ed25519.PublicKey(bytes: [1, 2, 3]) == nil)
        #expect(Ed25519.PublicKey(subjectPublicKeyInfo: key.publicKey.subjectPublicKeyInfo) == key.publicKey)
        #expect(Ed25519.PrivateKey(pkcs8: key.pkcs8)?.seed == key.seed)
        for length in 0..<44 {
            #expect(Ed25519.PublicKey(subjectPublicKeyInfo: Array(key.publicKey.subjectPublicKeyInfo.prefix(length))) == nil)
        }
        #expect(Ed25519.PrivateKey(pkcs8: key.pkcs8 + [0]) == nil)
    }

    @Test("openssl reads our keys, verifies our signatures, and makes ones that we verify", .enabled(if: Shell.has("openssl")))
    func openssl() throws {
        try withTemporaryFolder { folder in
            let key = try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 9, count: 32)))
            let message = Array("signed here, verified there".utf8)
            for (name, bytes) in [
                ("key.der", key.pkcs8), ("key.pub", key.publicKey.subjectPublicKeyInfo), ("message", message),
                ("signature", key.sign(message)),
            ] { try Files.writeDurably("\(folder)/\(name)", bytes) }
            let verified = try Shell.run(
                "openssl pkeyutl -verify -pubin -keyform DER -inkey key.pub -rawin -in message -sigfile signature", in: folder)
            #expect(verified.contains("Verified Successfully"))
            try Shell.run("openssl pkeyutl -sign -keyform DER -inkey key.der -rawin -in message -out theirs", in: folder)
            #expect(try key.publicKey.verifies(Files.read("\(folder)/theirs"), of: message))
            try Shell.run("openssl pkey -inform DER -in key.der -pubout -outform DER -out their.pub", in: folder)
            #expect(try Files.read("\(folder)/their.pub") == key.publicKey.subjectPublicKeyInfo)
        }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }
}
