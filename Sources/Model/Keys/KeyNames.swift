import Text

/// The id of a key in its region: a UUID, or `mrk-` and 32 hexadecimal digits for one that has relatives of the same id in other regions.
package struct KeyID: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        guard Self.isUUID(text) || Self.isMultiRegion(text) else {
            throw Failure(.invalid, "\"\(text)\" is not the id of a key", hint: "it is a UUID, or mrk- and 32 hexadecimal digits")
        }
        description = text
    }

    /// Makes an id of 16 random bytes.
    package init(random bytes: [UInt8], isMultiRegion: Bool) {
        precondition(bytes.count == Self.randomByteCount, "the id of a key is made of \(Self.randomByteCount) random bytes")
        let text = UUIDText.text(bytes)
        description = isMultiRegion ? Self.prefix + text.filter { $0 != "-" } : text
    }

    package static let randomByteCount = UUIDText.byteCount
    private static let prefix = "mrk-"

    package var isMultiRegion: Bool { description.hasPrefix(Self.prefix) }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy(isHexadecimal)
    }

    private static func isMultiRegion(_ text: String) -> Bool {
        text.hasPrefix(prefix) && text.utf8.count == prefix.utf8.count + 32 && isHexadecimal(text.dropFirst(prefix.count))
    }

    private static func isHexadecimal(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
    }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}

/// `arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`
package struct KeyARN: TextValue {
    package let region: RegionName
    package let account: AccountID
    package let id: KeyID

    package init(region: RegionName, account: AccountID, id: KeyID) {
        self.region = region
        self.account = account
        self.id = id
    }

    package init(parsing text: String) throws(Failure) {
        guard let arn = ARN(text), arn.isOf("kms"), let name = arn.name(of: "key") else {
            throw Failure(
                .invalid, "\"\(text)\" is not the ARN of a key", hint: "write it like arn:aws:kms:us-east-1:111111111111:key/…")
        }
        region = try RegionName(parsing: arn.region)
        account = try AccountID(parsing: arn.account)
        id = try KeyID(parsing: name)
    }

    package var description: String { ARN("kms", in: region, of: account, "key/\(id)").description }
}

/// A name of an account for one of its keys in a region: `alias/golden`. Those that begin with `alias/aws/` are AWS's.
package struct AliasName: TextValue, Comparable {
    package let description: String

    package static let prefix = "alias/"
    package static let reservedPrefix = "alias/aws/"
    private static let maximumLength = 256

    package init(parsing text: String) throws(Failure) {
        let name = text.dropFirst(Self.prefix.count)
        guard text.hasPrefix(Self.prefix), !name.isEmpty, text.utf8.count <= Self.maximumLength,
            name.isMadeOfLettersDigits(and: "/_-")
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not the name of an alias",
                hint: "write it like alias/golden: letters, digits, /, _ and -")
        }
        description = text
    }

    private init(service: String) { description = Self.reservedPrefix + service }

    /// The key for volumes and snapshots that AWS makes for each account of a region.
    package static let ebs = AliasName(service: "ebs")

    package var isReserved: Bool { description.hasPrefix(Self.reservedPrefix) }

    package func arn(in region: RegionName, of account: AccountID) -> String {
        ARN("kms", in: region, of: account, description).description
    }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}

/// A key as somebody names it.
package enum KeyReference: Hashable, Sendable, CustomStringConvertible {
    case id(KeyID)
    case arn(KeyARN)
    case alias(AliasName)
    /// Of any account and region.
    case aliasARN(RegionName, AccountID, AliasName)

    package init(parsing text: String) throws(Failure) {
        if ARN.isMeant(by: text) {
            if let arn = ARN(text), arn.isOf("kms"), arn.resource.hasPrefix(AliasName.prefix) {
                self = .aliasARN(
                    try RegionName(parsing: arn.region), try AccountID(parsing: arn.account),
                    try AliasName(parsing: arn.resource))
            } else {
                self = .arn(try KeyARN(parsing: text))
            }
        } else if text.hasPrefix(AliasName.prefix) {
            self = .alias(try AliasName(parsing: text))
        } else {
            self = .id(try KeyID(parsing: text))
        }
    }

    package var description: String {
        switch self {
        case .id(let id): id.description
        case .arn(let arn): arn.description
        case .alias(let name): name.description
        case .aliasARN(let region, let account, let name): name.arn(in: region, of: account)
        }
    }
}
