import Crypto
import Platform
import TestSupport
import Testing

/// Keys of RSA and of elliptic curves, with the openssl program on the other side.
@Suite(.enabled(if: Shell.has("openssl"), "openssl is missing: apt install openssl")) struct AsymmetricKeyTests {
    private static let message = Array("a message".utf8)

    @Test(
        "what is signed here openssl verifies, and the other way round",
        arguments: [
            (AsymmetricKey.Kind.rsa2048, SHA2.sha256, AsymmetricKey.Scheme.pkcs1), (.rsa2048, .sha512, .pss),
            (.rsa3072, .sha384, .pss),
            (.p256, .sha256, .ecdsa), (.p384, .sha384, .ecdsa), (.p521, .sha512, .ecdsa), (.secp256k1, .sha256, .ecdsa),
        ])
    func signatures(_ kind: AsymmetricKey.Kind, _ hash: SHA2, _ scheme: AsymmetricKey.Scheme) throws {
        let key = try #require(AsymmetricKey(making: kind))
        let digest = hash.digest(of: Self.message)
        let signature = try #require(key.signature(ofDigest: digest, hash, scheme))
        #expect(key.verifies(signature, ofDigest: digest, hash, scheme))
        try withTemporaryFolder { folder in
            try Files.writeDurably(folder + "/key", key.privateKeyInfo)
            try Files.writeDurably(folder + "/public", key.subjectPublicKeyInfo)
            try Files.writeDurably(folder + "/message", Self.message)
            try Files.writeDurably(folder + "/signature", signature)
            let pss = scheme == .pss ? "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest" : ""
            let output = try Shell.run(
                """
                openssl pkey -pubin -inform DER -in public -out public.pem
                openssl pkey -inform DER -in key -out key.pem
                openssl dgst -sha\(hash.rawValue) \(pss) -verify public.pem -signature signature message
                openssl dgst -sha\(hash.rawValue) \(pss) -sign key.pem -out theirs message
                """, in: folder)
            #expect(output == "Verified OK\n")
            let theirs = try Files.read(folder + "/theirs")
            let publicKey = try #require(AsymmetricKey(subjectPublicKeyInfo: key.subjectPublicKeyInfo))
            #expect(publicKey.verifies(theirs, ofDigest: digest, hash, scheme))
            var changed = theirs
            changed[changed.count / 2] ^= 1
            #expect(!publicKey.verifies(changed, ofDigest: digest, hash, scheme))
            #expect(!publicKey.verifies(theirs, ofDigest: hash.digest(of: [1]), hash, scheme))
            #expect(!publicKey.verifies([], ofDigest: digest, hash, scheme))
        }
    }

    @Test("what is encrypted here openssl decrypts, and the other way round", arguments: [AsymmetricKey.Padding.sha1, .sha256])
    func encryption(_ padding: AsymmetricKey.Padding) throws {
        let key = try #require(AsymmetricKey(making: .rsa2048))
        let sealed = try #require(key.encrypt(Self.message, padding))
        let hash = padding == .sha1 ? "sha1" : "sha256"
        let options = "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:\(hash) -pkeyopt rsa_mgf1_md:\(hash)"
        try withTemporaryFolder { folder in
            try Files.writeDurably(folder + "/key", key.privateKeyInfo)
            try Files.writeDurably(folder + "/sealed", sealed)
            let output = try Shell.run(
                """
                openssl pkey -inform DER -in key -out key.pem
                openssl pkeyutl -decrypt -inkey key.pem \(options) -in sealed
                printf 'their message' | openssl pkeyutl -encrypt -inkey key.pem \(options) -out theirs
                """, in: folder)
            #expect(output == "a message\n")
            let theirs = try Files.read(folder + "/theirs")
            #expect(key.decrypt(theirs, padding) == Array("their message".utf8))
            #expect(key.decrypt(theirs, padding == .sha1 ? .sha256 : .sha1) == nil)
            #expect(key.decrypt(Array(theirs.dropLast()), padding) == nil)
        }
        #expect(key.encrypt([UInt8](repeating: 1, count: 250), padding) == nil)
    }

    @Test("a pair comes back out of its encoding, and no prefix of it is taken for one")
    func encoding() throws {
        let key = try #require(AsymmetricKey(making: .p256))
        let (secret, shown) = (key.privateKeyInfo, key.subjectPublicKeyInfo)
        let again = try #require(AsymmetricKey(privateKeyInfo: secret))
        #expect(again.subjectPublicKeyInfo == shown)
        for end in 0..<secret.count where AsymmetricKey(privateKeyInfo: Array(secret.prefix(end))) != nil {
            Issue.record("\(end) bytes are taken for a key")
        }
        for end in 0..<shown.count where AsymmetricKey(subjectPublicKeyInfo: Array(shown.prefix(end))) != nil {
            Issue.record("\(end) bytes are taken for a public key")
        }
        #expect(AsymmetricKey(privateKeyInfo: secret + [0]) == nil)
        let publicKey = try #require(AsymmetricKey(subjectPublicKeyInfo: shown))
        #expect(publicKey.privateKeyInfo.isEmpty)
        #expect(publicKey.signature(ofDigest: SHA2.sha256.digest(of: [1]), .sha256, .ecdsa) == nil)
    }
}

/// RFC 4231, the second test case.
@Suite struct SHA2Tests {
    @Test(
        "authentication codes are those of RFC 4231",
        arguments: [
            (SHA2.sha224, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"),
            (.sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (.sha384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"),
            (
                .sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
            ),
        ])
    func codes(_ hash: SHA2, _ expected: String) {
        let code = hash.authenticationCode(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == expected)
    }
}

/// The first vector for P-256 of NIST's CAVP for ECC CDH (SP 800-56A).
@Suite struct SharedSecretTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
    }

    private static let point = """
        700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287\
        db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac
        """
    private static let secret = "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"
    /// SubjectPublicKeyInfo and PrivateKeyInfo of P-256, as far as what differs.
    private static let publicHead = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    private static let privateHead = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"

    @Test("the secret of two keys is that of NIST's vector, and a point that is not on the curve gives none")
    func vector() throws {
        let key = try #require(AsymmetricKey(privateKeyInfo: Self.bytes(Self.privateHead + Self.secret)))
        let other = try #require(AsymmetricKey(subjectPublicKeyInfo: Self.bytes(Self.publicHead + Self.point)))
        #expect(
            key.sharedSecret(with: other)
                == Self.bytes("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b"))
        let off = AsymmetricKey(subjectPublicKeyInfo: Self.bytes(Self.publicHead + Self.point.dropLast() + "d"))
        #expect(off.flatMap { key.sharedSecret(with: $0) } == nil)
        let elsewhere = try #require(AsymmetricKey(making: .p384))
        #expect(key.sharedSecret(with: elsewhere) == nil)
        let rsa = try #require(AsymmetricKey(making: .rsa2048))
        #expect(rsa.sharedSecret(with: other) == nil)
    }
}
