/// What an id names. The prefix is part of the id.
package protocol ResourceKind: Hashable, Sendable {
    static var prefix: String { get }
    /// For messages: "an AMI id".
    static var noun: String { get }
}

package enum ImageKind: ResourceKind {
    package static let prefix = "ami"
    package static let noun = "an AMI id"
}

package enum SnapshotKind: ResourceKind {
    package static let prefix = "snap"
    package static let noun = "a snapshot id"
}

package enum VolumeKind: ResourceKind {
    package static let prefix = "vol"
    package static let noun = "a volume id"
}

package enum InstanceKind: ResourceKind {
    package static let prefix = "i"
    package static let noun = "an instance id"
}

package enum LaunchTemplateKind: ResourceKind {
    package static let prefix = "lt"
    package static let noun = "the id of a launch template"
}

package enum ImportImageTaskKind: ResourceKind {
    package static let prefix = "import-ami"
    package static let noun = "the id of an import of an image"
}

package enum BundleTaskKind: ResourceKind {
    package static let prefix = "bun"
    package static let noun = "the id of a bundle task"
}

package enum ImportSnapshotTaskKind: ResourceKind {
    package static let prefix = "import-snap"
    package static let noun = "the id of an import of a snapshot"
}

package enum ExportImageTaskKind: ResourceKind {
    package static let prefix = "export-ami"
    package static let noun = "the id of an export of an image"
}

/// `lt-0abcdef1234567890`
package typealias LaunchTemplateID = ResourceID<LaunchTemplateKind>
/// `ami-0abcdef1234567890`
package typealias ImageID = ResourceID<ImageKind>
/// `snap-0abcdef1234567890`
package typealias SnapshotID = ResourceID<SnapshotKind>
/// `vol-0abcdef1234567890`
package typealias VolumeID = ResourceID<VolumeKind>
/// `i-0abcdef1234567890`
package typealias InstanceID = ResourceID<InstanceKind>

/// An id as EC2 gives it out: a prefix, `-`, and 17 lower-case hexadecimal digits. Ids of 8 digits, from EC2's early years, are taken too.
package struct ResourceID<Kind: ResourceKind>: TextValue, Comparable {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        let digits = text.dropFirst(Kind.prefix.count + 1)
        let isHex = digits.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
        }
        guard text.hasPrefix(Kind.prefix + "-"), Self.digitCounts.contains(digits.utf8.count), isHex else {
            throw Failure(
                .invalid, "\"\(text)\" is not \(Kind.noun)",
                hint: "it is \(Kind.prefix)- and \(Self.digitCount) hexadecimal digits")
        }
        description = text
    }

    /// A text that has the form of one by how it was made.
    init(trusted text: String) { description = text }

    /// Makes an id of random bytes, of which there must be `randomByteCount`. The first digit is 0, as in EC2.
    package init(random bytes: [UInt8]) {
        precondition(bytes.count == Self.randomByteCount, "an id is made of \(Self.randomByteCount) random bytes")
        let hex = Array("0123456789abcdef".utf8)
        let digits = bytes.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }
        description = "\(Kind.prefix)-0\(String(decoding: digits, as: UTF8.self))"
    }

    package static var digitCount: Int { 17 }
    private static var digitCounts: [Int] { [8, digitCount] }
    package static var randomByteCount: Int { 8 }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}
