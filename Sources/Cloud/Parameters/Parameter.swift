import Model

/// What a parameter holds, with SSM's words.
package enum ParameterType: String, Sendable, Codable, CaseIterable {
    case string = "String"
    /// Texts, divided by commas.
    case stringList = "StringList"
    /// Text that is encrypted where it is kept, and shown nowhere.
    case secureString = "SecureString"
}

/// How much a parameter may hold, with SSM's words.
package enum ParameterTier: String, Sendable, Codable, CaseIterable {
    case standard = "Standard"
    case advanced = "Advanced"

    /// Bytes of UTF-8.
    package var maximumSize: Int { self == .standard ? 4096 : 8192 }
}

/// What the value of a parameter means, with SSM's words.
package enum ParameterDataType: String, Sendable, Codable, CaseIterable {
    case text
    /// The id of an image that is there.
    case image = "aws:ec2:image"
}

extension ParameterName {
    func arn(in region: RegionName, of owner: AccountID) -> String {
        ARN("ssm", in: region, of: owner, "parameter\(path)").description
    }
}

/// One version of a parameter, as the catalogue of its region holds it.
package struct ParameterRecord: Sendable, Hashable {
    package let name: ParameterName
    /// From 1; every change counts up.
    package let version: Int
    package let type: ParameterType
    package let tier: ParameterTier
    package let description: String
    package let modified: Instant
    /// Who wrote it.
    package let user: String
    package let region: RegionName
    package let owner: AccountID
    package let stored: Stored
    package let dataType: ParameterDataType
    /// By name.
    package let labels: [ParameterLabel]
    /// The key of KMS that a SecureString is under, as it was named; nil for the region's own.
    let keyName: String?
    /// What values must match; empty for any.
    package let allowedPattern: String
    package let policy: ParameterPolicy?

    package enum Stored: Sendable, Hashable {
        case plain(String)
        /// The value of a SecureString; `ParameterStore.value` opens it.
        case sealed([UInt8])
    }

    /// As AWS names it.
    package var arn: String { name.arn(in: region, of: owner) }

    /// The key as AWS names it; nil for what is not encrypted.
    package var keyID: String? { type == .secureString ? keyName ?? Self.usualKey : nil }

    /// The name of the key under which SecureStrings are that name none.
    package static let usualKey = "alias/aws/ssm"
}

/// A parameter to be written. Its description leaves out the value, which may be a secret.
package struct NewParameter: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package var name: ParameterName
    package var value: String
    /// Nil keeps that of the version before; of a new parameter it is String.
    package var type: ParameterType?
    /// Nil keeps that of the version before; of a new parameter it is Standard.
    package var tier: ParameterTier?
    /// Nil keeps that of the version before.
    package var text: String?
    /// Nil keeps that of the version before; of a new parameter it is text.
    package var dataType: ParameterDataType?
    /// The key of KMS that a SecureString is to be under, by id, ARN or alias; nil for the region's own.
    package var keyName: String?
    /// Nil keeps that of the version before.
    package var allowedPattern: String?
    /// Nil keeps that of the version before.
    package var policy: ParameterPolicy.Change?
    /// Of a new parameter.
    package var tags = TagSet()
    /// Whether there may be a version before.
    package var overwrites: Bool
    package var user: String

    package init(
        _ name: ParameterName, _ value: String, type: ParameterType? = nil, tier: ParameterTier? = nil, text: String? = nil,
        overwrites: Bool = false, user: String
    ) {
        self.name = name
        self.value = value
        self.type = type
        self.tier = tier
        self.text = text
        self.overwrites = overwrites
        self.user = user
    }

    package var description: String { "the parameter \(name)" }
    package var debugDescription: String { description }
}

/// The parameters of a region, as SSM's Parameter Store keeps them.
package protocol ParameterStore: Sendable {
    /// Writes a new version. `Failure(.conflict)` where there is one before and it is not to be overwritten, or it is of another type.
    func put(_ new: NewParameter, at: Instant) throws(Failure) -> ParameterRecord
    /// `Failure(.notFound)` where there is no such parameter, or no such version of it.
    func parameter(_ reference: ParameterReference) throws(Failure) -> ParameterRecord
    /// The newest versions, by name. With a path, of that parameter and of all below it.
    func parameters(below path: ParameterName?) throws(Failure) -> [ParameterRecord]
    /// All versions that are kept, oldest first.
    func history(of name: ParameterName) throws(Failure) -> [ParameterRecord]
    /// Removes all versions.
    func delete(_ name: ParameterName) throws(Failure)
    /// The text that a version holds. Of a SecureString it is a secret.
    func value(of record: ParameterRecord) throws(Failure) -> String
    /// Puts labels on a version, which they leave another one for. `Failure(.exhausted)` where it would have more than ten. Nil is the newest.
    func label(_ name: ParameterName, version: Int?, _ labels: [ParameterLabel]) throws(Failure) -> ParameterRecord
    /// Takes labels off a version. Returns those that it had.
    func unlabel(_ name: ParameterName, version: Int, _ labels: [ParameterLabel]) throws(Failure) -> [ParameterLabel]
    func tags(of name: ParameterName) throws(Failure) -> TagSet
    /// Where the parameter has a key, the new value wins.
    func tag(_ name: ParameterName, with tags: TagSet) throws(Failure)
    func untag(_ name: ParameterName, keys: [String]) throws(Failure)
}
