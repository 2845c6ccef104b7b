import Cloud
import Crypto
import HTTPServer
import Model
import Text

/// A snapshot to be written by blocks.
struct StartSnapshot: EBSAction {
    static let method = "POST"
    static let path: [String?] = ["snapshots"]
    private let start: SnapshotStart

    private struct Body: Decodable {
        struct TagEntry: Decodable {
            let key: String?
            let value: String?

            enum CodingKeys: String, CodingKey {
                case key = "Key"
                case value = "Value"
            }
        }

        let volumeSize: Int
        let parentSnapshotID: String?
        let tags: [TagEntry]?
        let description: String?
        let clientToken: String?
        let isEncrypted: Bool?
        let keyARN: String?
        let timeout: Int?

        enum CodingKeys: String, CodingKey {
            case volumeSize = "VolumeSize"
            case parentSnapshotID = "ParentSnapshotId"
            case tags = "Tags"
            case description = "Description"
            case clientToken = "ClientToken"
            case isEncrypted = "Encrypted"
            case keyARN = "KmsKeyArn"
            case timeout = "Timeout"
        }
    }

    init(_ input: RestInput) throws(APIError) {
        let body = try input.members(Body.self)
        var start = SnapshotStart(volumeSize: body.volumeSize)
        start.parent = try body.parentSnapshotID.map { text throws(APIError) in try input.snapshotID(text) }
        start.description = body.description ?? ""
        start.clientToken = body.clientToken
        start.isEncrypted = body.isEncrypted ?? false
        start.key = body.keyARN
        start.timeout = body.timeout
        do throws(Failure) {
            start.tags = try TagSet(
                try (body.tags ?? []).map { tag throws(Failure) in try Tag(key: tag.key ?? "", value: tag.value ?? "") })
        } catch { throw .ebs(error.message, "INVALID_TAG") }
        self.start = start
    }

    func run(_ call: Call) throws(APIError) -> Response {
        let snapshot = try asking { () throws(Failure) in try call.actions.startSnapshot(start) }
        return EBS.json(201) { json in
            json.field("SnapshotId", snapshot.id.description)
            json.field("OwnerId", snapshot.owner.description)
            json.field("Status", snapshot.state.rawValue)
            json.field("StartTime", snapshot.started.seconds)
            json.field("VolumeSize", snapshot.volumeSize)
            json.field("BlockSize", SnapshotBlocks.size)
            json.field("Description", snapshot.description)
            json.field("ParentSnapshotId", ifPresent: snapshot.parent?.description)
            json.field("Tags", list: snapshot.tags)
        }
    }
}

struct PutSnapshotBlock: EBSAction {
    static let method = "PUT"
    static let path: [String?] = ["snapshots", nil, "blocks", nil]
    private let id: SnapshotID
    private let index: Int
    private let data: [UInt8]

    init(_ input: RestInput) throws(APIError) {
        id = try input.snapshotID(input.parts[1])
        index = try input.number(input.parts[3], "blockIndex") ?? 0
        data = input.bytes()
        let length = try input.number(input.field("x-amz-data-length"), "DataLength")
        guard length == data.count, data.count == SnapshotBlocks.size else {
            throw .ebs("A block has \(SnapshotBlocks.size) bytes, this one has \(data.count)", "INVALID_BLOCK")
        }
        guard input.field("x-amz-checksum-algorithm") == "SHA256" else { throw .ebs("The checksum algorithm must be SHA256") }
        guard let text = input.field("x-amz-checksum"), Base64.decodeStrictly(text) == SHA256.digest(of: data).bytes else {
            throw .ebs("The checksum is not that of the block", "INVALID_BLOCK")
        }
        let progress = try input.number(input.field("x-amz-progress"), "Progress")
        guard 0...100 ~= progress ?? 0 else { throw .ebs("Progress must be from 0 to 100") }
    }

    func run(_ call: Call) throws(APIError) -> Response {
        try asking { () throws(Failure) in try call.actions.putSnapshotBlock(data, at: index, of: id) }
        return Response(
            201, contentType: "application/json",
            fields: [
                .init("x-amz-Checksum", Base64.text(SHA256.digest(of: data).bytes)),
                .init("x-amz-Checksum-Algorithm", "SHA256"),
            ], body: Array("{}".utf8))
    }
}

struct CompleteSnapshot: EBSAction {
    static let method = "POST"
    static let path: [String?] = ["snapshots", "completion", nil]
    private let id: SnapshotID
    private let count: Int
    private let checksum: Digest?

    init(_ input: RestInput) throws(APIError) {
        id = try input.snapshotID(input.parts[2])
        guard let count = try input.number(input.field("x-amz-changedblockscount"), "ChangedBlocksCount") else {
            throw .ebs("ChangedBlocksCount must be given")
        }
        self.count = count
        for (field, only) in [("x-amz-checksum-algorithm", "SHA256"), ("x-amz-checksum-aggregation-method", "LINEAR")] {
            if let value = input.field(field), value != only { throw .ebs("\(field) must be \(only)") }
        }
        checksum = try input.field("x-amz-checksum").map { text throws(APIError) in
            guard let digest = Base64.decodeStrictly(text).flatMap({ Digest(bytes: $0) }) else {
                throw .ebs("The checksum must be a SHA-256 in base64")
            }
            return digest
        }
    }

    func run(_ call: Call) throws(APIError) -> Response {
        try asking { () throws(Failure) in try call.actions.completeSnapshot(id, count: count, checksum: checksum) }
        return EBS.json(202) { $0.field("Status", SnapshotState.completed.rawValue) }
    }
}
