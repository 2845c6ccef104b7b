import FoundationEssentials

/// Base64 of the standard alphabet (RFC 4648, section 4), as DSSE and PEM have it.
enum Base64 {
    /// Padded, on one line.
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil for anything but the one form that `encode` gives: what two decoders read in two ways is refused.
    static func decode(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        return [UInt8](data)
    }
}
