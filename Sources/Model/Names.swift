/// The name of a recipe, component or pipeline: 3 to 128 letters, digits, `-`, `_` and inner blanks.
package struct ResourceName: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        guard (3...128).contains(text.utf8.count), text.isMadeOfLettersDigits(and: "-_ "), !text.hasPrefix(" "),
            !text.hasSuffix(" ")
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not a resource name",
                hint: "use 3 to 128 letters, digits, - and _, and blanks inside only")
        }
        description = text
    }

    package static func < (a: ResourceName, b: ResourceName) -> Bool { a.description < b.description }
}

/// The name of an AMI: 3 to 128 letters, digits, blanks and `()[]./-'@_`, unique within a region and account.
package struct AMIName: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        guard (3...128).contains(text.utf8.count), text.isMadeOfLettersDigits(and: "()[] ./-'@_") else {
            throw Failure(
                .invalid, "\"\(text)\" is not an AMI name",
                hint: "use 3 to 128 letters, digits, blanks and ( ) [ ] . / - ' @ _")
        }
        description = text
    }

    package static func < (a: AMIName, b: AMIName) -> Bool { a.description < b.description }
}

/// The name of a channel: a lower-case letter, then at most 62 lower-case letters, digits and `-`.
package struct ChannelName: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = text.utf8.first, lower.contains(first), text.utf8.count <= 63,
            text.utf8.allSatisfy({ lower.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") })
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not a channel name",
                hint: "use a lower-case letter, then at most 62 lower-case letters, digits and -, for example staging")
        }
        description = text
    }

    package static func < (a: ChannelName, b: ChannelName) -> Bool { a.description < b.description }
}

/// An AWS account: twelve digits.
package struct AccountID: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        guard text.utf8.count == 12, decimal(text) != nil else {
            throw Failure(
                .invalid, "\"\(text)\" is not an account id",
                hint: "write its twelve digits, in quotes in YAML, for example \"222222222222\"")
        }
        description = text
    }

    private init(checked text: String) { description = text }

    /// `000000000000`, the account of a plane that has no accounts of its own.
    package static let zero = AccountID(checked: "000000000000")
    /// Amazon's own, which owns public images in every region.
    package static let amazon = AccountID(checked: "137112412989")

    package static func < (a: AccountID, b: AccountID) -> Bool { a.description < b.description }
}
