/// HMAC (RFC 2104, FIPS 198-1) with SHA-256: a digest that says nothing about short or guessable bytes to who has not the key.
package enum HMACSHA256 {
    private static let blockSize = 64

    package static func digest(of bytes: [UInt8], key: [UInt8]) -> Digest {
        var block = key.count > blockSize ? SHA256.digest(of: key).bytes : key
        block += [UInt8](repeating: 0, count: blockSize - block.count)
        var hasher = SHA256()
        hasher.update(block.map { $0 ^ 0x36 })
        hasher.update(bytes)
        let inner = hasher.finish()
        hasher.update(block.map { $0 ^ 0x5C })
        hasher.update(inner.bytes)
        return hasher.finish()
    }
}
