import CCrypto

/// A digest over a stream of bytes, by an algorithm that a document names. For checking against what somebody else published; digests
/// that name things are `SHA256`.
@safe
package struct FileDigest: ~Copyable {
    package enum Algorithm: String, Sendable, CaseIterable {
        case md5 = "MD5"
        case sha1 = "SHA1"
        case sha256 = "SHA256"
        case sha512 = "SHA512"
    }

    private let context: OpaquePointer
    private let size: Int

    package init(_ algorithm: Algorithm) {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a digest context") }
        guard let method = unsafe EVP_MD_fetch(nil, algorithm.rawValue, nil) else {
            fatalError("libcrypto has no \(algorithm.rawValue)")
        }
        precondition(unsafe EVP_DigestInit_ex(context, method, nil) == 1, "libcrypto refused \(algorithm.rawValue)")
        unsafe size = Int(EVP_MD_get_size(method))
        unsafe EVP_MD_free(method)
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: [UInt8]) {
        let done = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1, "libcrypto refused input")
    }

    /// Lower-case hexadecimal digits of all that came.
    package consuming func finish() -> String {
        var bytes = [UInt8](repeating: 0, count: size)
        precondition(unsafe EVP_DigestFinal_ex(context, &bytes, nil) == 1, "libcrypto did not finish a digest")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension FileDigest {
    /// The digest of bytes, in lower-case hexadecimal digits.
    package static func hex(of bytes: [UInt8], _ algorithm: Algorithm) -> String {
        var digest = FileDigest(algorithm)
        digest.update(bytes)
        return digest.finish()
    }
}
