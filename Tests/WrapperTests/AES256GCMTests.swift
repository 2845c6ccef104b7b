import Crypto
import Testing

@Suite struct `AES-256-GCM` {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Test cases 13, 14 and 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega).
    @Test(
        arguments: [
            (String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
            (
                String(repeating: "00", count: 32), String(repeating: "00", count: 12), String(repeating: "00", count: 16), "",
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
            ),
            (
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
            ),
        ])
    func `gives the published values`(_ key: String, _ nonce: String, _ plain: String, _ context: String, _ sealed: String) {
        let key = Self.bytes(key)
        let nonce = Self.bytes(nonce)
        let result = AES256GCM.seal(Self.bytes(plain), key: key, nonce: nonce, authenticating: Self.bytes(context))
        #expect(result == nonce + Self.bytes(sealed))
        #expect(AES256GCM.open(result, key: key, authenticating: Self.bytes(context)) == Self.bytes(plain))
    }

    @Test func `opens nothing that was changed, cut, or sealed for something else`() {
        let key = [UInt8](repeating: 1, count: AES256GCM.keySize)
        let sealed = AES256GCM.seal([1, 2, 3], key: key, nonce: [UInt8](repeating: 2, count: 12), authenticating: [9])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(AES256GCM.open(changed, key: key, authenticating: [9]) == nil)
            #expect(AES256GCM.open(Array(sealed.prefix(index)), key: key, authenticating: [9]) == nil)
        }
        #expect(AES256GCM.open(sealed, key: key, authenticating: [8]) == nil)
        #expect(AES256GCM.open(sealed, key: [UInt8](repeating: 3, count: 32), authenticating: [9]) == nil)
        #expect(AES256GCM.open(sealed, key: key, authenticating: [9]) == [1, 2, 3])
    }
}
