import Model

/// A name for a version of a parameter, by SSM's rules: at most 100 letters, digits and `.-_`, not beginning with a digit, `aws` or `ssm`.
/// It is on one version at a time.
package struct ParameterLabel: TextValue, Comparable {
    package let description: String

    package static let maximumLength = 100
    /// Of one version.
    package static let most = 10

    package init(parsing text: String) throws(Failure) {
        let lower = text.lowercased()
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard 1...Self.maximumLength ~= text.utf8.count, isWord, text.first?.isNumber == false, !lower.hasPrefix("aws"),
            !lower.hasPrefix("ssm")
        else {
            throw Failure(
                .invalid, "\"\(text.prefix(100))\" is not a label of a parameter",
                hint: "use at most 100 letters, digits and .-_, not beginning with a digit, aws or ssm")
        }
        description = text
    }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}
