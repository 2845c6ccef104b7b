import Crypto
import Text

/// A digest that a package recorded of a file of its own.
package struct VendorDigest: Hashable, Sendable {
    package let algorithm: FileDigest.Algorithm
    /// Lower-case hexadecimal digits.
    let digits: ArraySlice<UInt8>

    package var hex: String { String(decoding: digits, as: UTF8.self) }

    /// Of digits that were looked at before.
    init(_ algorithm: FileDigest.Algorithm, digits: ArraySlice<UInt8>) { (self.algorithm, self.digits) = (algorithm, digits) }

    /// Nil where the text is no digest of that algorithm.
    init?(_ algorithm: FileDigest.Algorithm, hex: ArraySlice<UInt8>) {
        guard hex.count == algorithm.digitCount else { return nil }
        var hasCapitals = false
        for digit in hex {
            switch digit {
            case 0x30...0x39, 0x61...0x66: break
            case 0x41...0x46: hasCapitals = true
            default: return nil
            }
        }
        self.algorithm = algorithm
        digits = hasCapitals ? hex.map { $0 > 0x40 ? $0 | 0x20 : $0 }[...] : hex
    }

    init?(_ algorithm: FileDigest.Algorithm, hex: String) { self.init(algorithm, hex: Array(hex.utf8)[...]) }

    /// apk's form: `Q1` and base64 of a SHA-1, or `Q2` and base64 of a SHA-256.
    init?(apk text: ArraySlice<UInt8>) {
        let algorithm: FileDigest.Algorithm
        if text.starts(with: Array("Q1".utf8)) {
            algorithm = .sha1
        } else if text.starts(with: Array("Q2".utf8)) {
            algorithm = .sha256
        } else {
            return nil
        }
        guard let bytes = Base64.decode(text.dropFirst(2)) else { return nil }
        self.init(algorithm, hex: Hexadecimal.text(bytes))
    }
}

extension FileDigest.Algorithm {
    /// The length of a digest in hexadecimal digits.
    var digitCount: Int {
        switch self {
        case .md5: 32
        case .sha1: 40
        case .sha256: 64
        case .sha512: 128
        }
    }
}
