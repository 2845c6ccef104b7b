import Crypto

/// What the digest of a download must be.
struct Checksum: Hashable {
    let algorithm: FileDigest.Algorithm
    /// Lower-case digits.
    let hex: String

    /// Takes hexadecimal digits in either case; nil where they are not as many as the algorithm gives.
    init?(_ algorithm: FileDigest.Algorithm, hex: String) {
        guard hex.utf8.count == algorithm.digits, hex.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        self.algorithm = algorithm
        self.hex = hex.lowercased()
    }
}

extension FileDigest.Algorithm {
    /// How many hexadecimal digits it gives.
    var digits: Int {
        switch self {
        case .md5: 32
        case .sha1: 40
        case .sha256: 64
        case .sha512: 128
        }
    }
}
