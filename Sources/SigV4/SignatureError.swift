/// Why a request is not accepted. Nothing in it says what the right signature would have been.
package struct SignatureError: Error, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// There is no signature at all.
        case missing
        /// It cannot be read, or leaves out what it must cover.
        case incomplete
        /// Nobody has this access key.
        case unknownKey
        /// It is not the signature of this request.
        case mismatch
        /// It was made too long ago, or is of the future.
        case expired
    }

    package let kind: Kind
    /// One sentence without a full stop.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
