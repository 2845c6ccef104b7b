import Crypto
import Testing

struct DigestTests {
    /// RFC 1321 and FIPS 180-4.
    private static let ofABC: [(FileDigest.Algorithm, String)] = [
        (.md5, "900150983cd24fb0d6963f7d28e17f72"),
        (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ]

    @Test(arguments: ofABC)
    func `a digest is the published one, in whatever pieces the bytes come`(algorithm: FileDigest.Algorithm, hex: String) {
        var hasher = FileDigest(algorithm)
        for piece in ["a", "", "bc"] { hasher.update(Array(piece.utf8)) }
        #expect(hasher.finish() == hex)
    }

    @Test func `SHA-256 and MD5 of nothing and of abc are the published ones, again and again`() {
        var hasher = SHA256()
        for _ in 0..<2 {
            #expect(hasher.finish().hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            hasher.update("abc")
            #expect(hasher.finish().hex == Self.ofABC[2].1)
        }
        #expect(MD5.hex(of: []) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(MD5.hex(of: Array("abc".utf8)) == Self.ofABC[0].1)
    }
}
