/// The name of a bucket of Amazon S3, by the rules for general purpose buckets: 3 to 63 lower-case letters, digits, `-` and `.`, with a letter
/// or a digit at both ends, no two dots beside each other, and not the form of an IP address.
package struct BucketName: TextValue {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        guard Self.isName(text) else {
            throw Failure(
                .invalid, "\"\(text.prefix(100))\" is not the name of a bucket",
                hint: "use 3 to 63 lower-case letters, digits, - and ., with a letter or a digit at both ends")
        }
        description = text
    }

    private static func isName(_ text: String) -> Bool {
        guard 3...63 ~= text.utf8.count, text.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == dot || $0 == dash }),
            let first = text.utf8.first, let last = text.utf8.last, isLetterOrDigit(first), isLetterOrDigit(last)
        else { return false }
        let parts = text.utf8.split(separator: dot, omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { $0.allSatisfy { $0 < UInt8(ascii: "a") && $0 != dash } }
        return !parts.contains { $0.isEmpty } && !isAddress
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static let dot = UInt8(ascii: ".")
    private static let dash = UInt8(ascii: "-")
}
