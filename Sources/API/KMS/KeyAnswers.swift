import Cloud
import Crypto
import FoundationEssentials
import Model

extension Call {
    /// Runs what asks the plane's keys, in KMS's words for what goes wrong.
    func keys<Result>(
        dryRun: Bool? = nil, _ body: (any KeyActions) throws(Failure) -> Result
    ) throws(APIError) -> Result {
        do throws(Failure) {
            let actions = try plane.actions(in: region, as: .account(account), isDryRun: dryRun ?? false)
            let result = try body(actions)
            // What changes nothing has no end at which the plane stops it.
            if dryRun ?? false { throw Failure(.dryRun) }
            return result
        } catch { throw APIError(kms: error) }
    }
}

extension APIError {
    fileprivate init(kms failure: Failure) {
        switch failure.planeError {
        case let error? where error.code == .dryRunOperation: self.init(.dryRunOperationException, error.message)
        case let error?: self.init(error.code.rawValue, error.message, status: error.httpStatus)
        case nil where failure.code == .invalid || failure.code == .usage:
            self.init(.validationException, failure.message)
        case nil:
            let error = PlaneError(.kmsInternalException, "The request can't be answered now.")
            self.init(error.code.rawValue, error.message, status: error.httpStatus, of: failure)
        }
    }

}

/// Members of KMS's requests.
enum KMSInput {
    /// One of the words of an enumeration.
    static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String, _ member: String) throws(APIError) -> Word {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw APIError(
            .validationException,
            """
            1 validation error detected: Value '\(text.prefix(200))' at '\(member)' failed to satisfy constraint: Member must satisfy \
            enum value set: [\(known)]
            """)
    }

    /// A number within bounds.
    static func number(_ value: Int, in range: ClosedRange<Int>, _ member: String) throws(APIError) -> Int {
        guard !range.contains(value) else { return value }
        let bound =
            value < range.lowerBound
            ? "greater than or equal to \(range.lowerBound)" : "less than or equal to \(range.upperBound)"
        throw APIError(
            .validationException,
            """
            1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: Member must have value \(bound)
            """)
    }

    /// Bytes, of which there are at least one and at most so many.
    static func bytes(_ data: Data, most: Int, _ member: String) throws(APIError) -> [UInt8] {
        guard !(1...most).contains(data.count) else { return Array(data) }
        let bound = data.isEmpty ? "greater than or equal to 1" : "less than or equal to \(most)"
        throw APIError(
            .validationException,
            "1 validation error detected: Value at '\(member)' failed to satisfy constraint: Member must have length \(bound)")
    }

    static func text(_ text: String, most: Int, _ member: String) throws(APIError) -> String {
        guard text.utf8.count > most else { return text }
        throw APIError(
            .validationException,
            """
            1 validation error detected: Value at '\(member)' failed to satisfy constraint: Member must have length less than or \
            equal to \(most)
            """)
    }

    /// Pairs that encrypted bytes are bound to.
    static func context(_ pairs: [String: String]?) throws(APIError) -> [String: String] {
        let pairs = pairs ?? [:]
        guard pairs.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count }) <= 8192 else {
            throw APIError(.validationException, "EncryptionContext is larger than 8192 bytes.")
        }
        return pairs
    }
}

/// A tag, as KMS writes it.
struct KMSTag: Decodable, Sendable {
    let key: String
    let value: String

    private enum CodingKeys: String, CodingKey {
        case key = "TagKey"
        case value = "TagValue"
    }

    static func set(_ tags: [KMSTag]?) throws(APIError) -> TagSet {
        do throws(Failure) {
            var parsed: [Tag] = []
            for tag in tags ?? [] { parsed.append(try Tag(key: tag.key, value: tag.value)) }
            return try TagSet(parsed)
        } catch { throw APIError(.tagException, error.message) }
    }
}

/// A part of a list, and where the next one begins.
struct KMSPage<Element> {
    let elements: ArraySlice<Element>
    private let next: Int?

    init(_ all: [Element], limit: Int?, marker: String?, usual: Int = 50) throws(APIError) {
        let limit = try KMSInput.number(limit ?? usual, in: 1...1000, "limit")
        var start = 0
        if let marker {
            guard marker.hasPrefix(Self.prefix), let position = Int(marker.dropFirst(Self.prefix.count)),
                (1...max(1, all.count)).contains(position)
            else { throw APIError(.invalidMarkerException, "Could not deserialize marker.") }
            start = min(position, all.count)
        }
        let end = min(start + limit, all.count)
        elements = all[start..<end]
        next = end < all.count ? end : nil
    }

    private static var prefix: String { "m1-" }

    /// The end of an answer.
    func writeMarker(_ answer: inout JSONWriter) {
        answer.field("NextMarker", ifPresent: next.map { Self.prefix + String($0) })
        answer.field("Truncated", next != nil)
    }
}

extension JSONWriter {
    mutating func field(_ name: String, bytes: [UInt8]) { field(name, Data(bytes).base64EncodedString()) }

    mutating func keyMetadata(_ description: KeyDescription) {
        let key = description.key
        field("AWSAccountId", key.owner.description)
        field("KeyId", key.id.description)
        field("Arn", key.arn.description)
        field("CreationDate", key.created.seconds)
        field("Enabled", key.state == .enabled)
        field("Description", key.description)
        field("KeyUsage", key.usage.rawValue)
        field("KeyState", key.state.rawValue)
        if let date = key.deletion { field("DeletionDate", date.seconds) }
        if key.state == .pendingReplicaDeletion, let days = key.deletionWindow { field("PendingDeletionWindowInDays", days) }
        field("Origin", key.origin.rawValue)
        if let imported = key.imported, key.material > 0 {
            field("ExpirationModel", (imported.validTo == nil ? ExpirationModel.doesNotExpire : .expires).rawValue)
            if let date = imported.validTo { field("ValidTo", date.seconds) }
        }
        if key.material > 0 { field("CurrentKeyMaterialId", ifPresent: key.materialID(key.material)) }
        field("KeyManager", key.manager.rawValue)
        field("CustomerMasterKeySpec", key.spec.rawValue)
        field("KeySpec", key.spec.rawValue)
        keyAlgorithms(key)
        field("MultiRegion", key.primary != nil)
        if let primary = key.primary { multiRegion(key, primary, description.replicas) }
    }

    /// What the key can do, by its usage.
    mutating func keyAlgorithms(_ key: KeyRecord) {
        switch key.usage {
        case .encryptDecrypt: field("EncryptionAlgorithms", key.spec.encryptionAlgorithms.map(\.rawValue))
        case .signVerify: field("SigningAlgorithms", key.spec.signingAlgorithms.map(\.rawValue))
        case .generateVerifyMAC: field("MacAlgorithms", key.spec.macAlgorithms.map(\.rawValue))
        case .keyAgreement: field("KeyAgreementAlgorithms", KeyAgreementAlgorithm.allCases.map(\.rawValue))
        }
    }

    private mutating func multiRegion(_ key: KeyRecord, _ primary: RegionName, _ replicas: [RegionName]) {
        func relative(_ region: RegionName, _ json: inout JSONWriter) {
            json.field("Arn", KeyARN(region: region, account: key.owner, id: key.id).description)
            json.field("Region", region.description)
        }
        field("MultiRegionConfiguration") { json in
            json.field("MultiRegionKeyType", key.isReplica ? "REPLICA" : "PRIMARY")
            json.field("PrimaryKey") { relative(primary, &$0) }
            json.field("ReplicaKeys", replicas) { region, json in relative(region, &json) }
        }
    }
}
