import Crypto
import TestSupport
import Testing

@Suite struct AES128CBCTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue).map { UInt8($0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static let key = bytes("2b7e151628aed2a6abf7158809cf4f3c")
    private static let vector = bytes("000102030405060708090a0b0c0d0e0f")
    private static let plain = bytes(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
    private static let sealed = bytes(
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
            + "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7")

    private static func run(_ input: [UInt8], encrypts: Bool, pieces: Int) -> [UInt8]? {
        var cipher = AES128CBC(key: key, vector: vector, encrypts: encrypts)
        var result: [UInt8] = []
        for start in stride(from: 0, to: input.count, by: pieces) {
            result += cipher.update(Array(input[start..<min(start + pieces, input.count)]))
        }
        guard let last = cipher.finish() else { return nil }
        return result + last
    }

    @Test(
        "encrypts as SP 800-38A (F.2.1) says, with a block of padding behind it, in pieces of any size",
        arguments: [1, 7, 16, 64])
    func vectors(_ pieces: Int) throws {
        let result = try #require(Self.run(Self.plain, encrypts: true, pieces: pieces))
        #expect(result.count == Self.plain.count + AES128CBC.size && Array(result.dropLast(AES128CBC.size)) == Self.sealed)
        #expect(Self.run(result, encrypts: false, pieces: pieces) == Self.plain)
    }

    @Test("a stream that is cut, or ends without padding, has no end")
    func cut() throws {
        let result = try #require(Self.run(Self.plain, encrypts: true, pieces: 64))
        #expect(Self.run(Array(result.dropLast()), encrypts: false, pieces: 64) == nil)
        #expect(Self.run(Self.sealed, encrypts: false, pieces: 64) == nil)
    }

    @Test("RSA with the padding of PKCS #1 1.5 opens what it closed, and nothing else")
    func rsa() throws {
        let key = try #require(AsymmetricKey(making: .rsa2048))
        let text = Array("0123456789abcdef".utf8)
        let sealed = try #require(key.encrypt(text, .pkcs1))
        #expect(key.decrypt(sealed, .pkcs1) == text)
        #expect(try #require(AsymmetricKey(making: .rsa2048)).decrypt(sealed, .pkcs1) != text)
        #expect(key.encrypt([UInt8](repeating: 1, count: 246), .pkcs1) == nil)
    }

    @Test(
        "openssl takes a certificate that a pair signed itself, and finds its key in it",
        .enabled(if: Shell.has("openssl"), "needs openssl: apt-get install openssl"))
    func certificate() throws {
        try withTemporaryFolder { folder in
            let key = try #require(AsymmetricKey(making: .rsa2048))
            let made = try #require(key.certificate(commonName: "EC2 bundles", serial: 7, from: 1_577_836_800, to: 2_524_608_000))
            #expect(key.certificate(commonName: "EC2 bundles", serial: 7, from: 1_577_836_800, to: 2_524_608_000) == made)
            let said = try Shell.run(
                """
                printf '%s' '\(String(decoding: made, as: UTF8.self))' > cert.pem; openssl verify -CAfile cert.pem cert.pem
                openssl x509 -in cert.pem -noout -subject -serial -startdate -enddate; openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | od -An -v -tx1 | tr -d ' \\n'
                """, in: folder)
            let lines = said.split(separator: "\n").map(String.init)
            #expect(
                lines.dropLast() == [
                    "cert.pem: OK", "subject=CN = EC2 bundles", "serial=07", "notBefore=Jan  1 00:00:00 2020 GMT",
                    "notAfter=Jan  1 00:00:00 2050 GMT",
                ])
            #expect(Self.bytes(try #require(lines.last)) == key.subjectPublicKeyInfo)
        }
    }
}
