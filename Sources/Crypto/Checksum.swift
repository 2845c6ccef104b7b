import CCrypto

/// A digest that somebody else computed, to compare a file with: the algorithms that component documents name.
package struct Checksum: Hashable, Sendable {
    package enum Algorithm: String, Sendable, CaseIterable {
        case md5 = "MD5"
        case sha1 = "SHA1"
        case sha256 = "SHA256"
        case sha512 = "SHA512"

        /// Of the digest.
        package var byteCount: Int {
            switch self {
            case .md5: 16
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    package let algorithm: Algorithm
    /// Lower-case digits.
    package let hex: String

    /// Takes hexadecimal digits in either case; nil where they are not as many as the algorithm gives.
    package init?(_ algorithm: Algorithm, hex: String) {
        guard hex.utf8.count == 2 * algorithm.byteCount, hex.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        self.algorithm = algorithm
        self.hex = hex.lowercased()
    }
}

/// Computes a checksum over a stream of bytes, by libcrypto.
@safe
package struct ChecksumHasher: ~Copyable {
    private let context: OpaquePointer

    package init(_ algorithm: Checksum.Algorithm) {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a digest context") }
        unsafe self.context = context
        let method = unsafe EVP_MD_fetch(nil, algorithm.rawValue, nil)
        precondition(unsafe EVP_DigestInit_ex(context, method, nil) == 1, "libcrypto has no \(algorithm.rawValue)")
        unsafe EVP_MD_free(method)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package func update(_ bytes: [UInt8]) {
        let done = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1, "libcrypto refused the input of a digest")
    }

    /// Lower-case hexadecimal digits over all that came.
    package consuming func finish() -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        precondition(unsafe EVP_DigestFinal_ex(context, &digest, &count) == 1, "libcrypto did not finish a digest")
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
