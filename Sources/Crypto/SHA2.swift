import CCrypto

/// The members of the SHA-2 family (FIPS 180-4) by their size in bits, for messages, signatures and authentication codes whose size
/// somebody else chose; digests that name things are `SHA256`.
package enum SHA2: Int, Sendable, CaseIterable {
    case sha224 = 224
    case sha256 = 256
    case sha384 = 384
    case sha512 = 512

    package var byteCount: Int { rawValue / 8 }

    package func digest(of bytes: [UInt8]) -> [UInt8] {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        var result = [UInt8](repeating: 0, count: byteCount)
        let done = unsafe EVP_Digest(bytes, bytes.count, &result, nil, method, nil)
        precondition(done == 1, "libcrypto made no digest of \(rawValue) bits")
        return result
    }

    /// HMAC (RFC 2104, FIPS 198-1).
    package func authenticationCode(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        var result = [UInt8](repeating: 0, count: byteCount)
        var count: UInt32 = 0
        let made = unsafe HMAC(method, key, Int32(key.count), bytes, bytes.count, &result, &count)
        unsafe precondition(made != nil && Int(count) == byteCount, "libcrypto made no HMAC of \(rawValue) bits")
        return result
    }

    var method: OpaquePointer? {
        switch self {
        case .sha224: unsafe EVP_sha224()
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }
}
