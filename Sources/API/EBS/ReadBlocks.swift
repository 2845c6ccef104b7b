import Cloud
import Crypto
import HTTPServer
import Model
import Text

/// Where a list of blocks begins, and how long it may be.
struct BlockRange {
    let from: Int
    let limit: Int

    init(_ input: RestInput) throws(APIError) {
        limit = try input.number(input.parameter("maxResults"), "maxResults") ?? 10_000
        guard 100...10_000 ~= limit else { throw .ebs("maxResults must be from 100 to 10000") }
        let start = try input.number(input.parameter("startingBlockIndex"), "startingBlockIndex")
        guard let token = input.parameter("pageToken") else {
            from = start ?? 0
            return
        }
        guard let page = try? PageToken(parsing: token), let index = Int(exactly: page.row) else {
            throw .ebs("The page token is not valid", "INVALID_PAGE_TOKEN")
        }
        from = index
    }
}

struct ListSnapshotBlocks: EBSAction {
    static let method = "GET"
    static let path: [String?] = ["snapshots", nil, "blocks"]
    private let id: SnapshotID
    private let range: BlockRange

    init(_ input: RestInput) throws(APIError) {
        id = try input.snapshotID(input.parts[1])
        range = try BlockRange(input)
    }

    func run(_ call: Call) throws(APIError) -> Response {
        let page = try asking { () throws(Failure) in
            try call.actions.snapshotBlocks(id, from: range.from, limit: range.limit)
        }
        return EBS.json { json in
            json.field("Blocks", page.blocks) { block, json in
                json.field("BlockIndex", block.index)
                json.field("BlockToken", block.token)
            }
            json.page(page)
        }
    }
}

struct ListChangedBlocks: EBSAction {
    static let method = "GET"
    static let path: [String?] = ["snapshots", nil, "changedblocks"]
    private let first: SnapshotID?
    private let second: SnapshotID
    private let range: BlockRange

    init(_ input: RestInput) throws(APIError) {
        first = try input.parameter("firstSnapshotId").map { text throws(APIError) in try input.snapshotID(text) }
        second = try input.snapshotID(input.parts[1])
        range = try BlockRange(input)
    }

    func run(_ call: Call) throws(APIError) -> Response {
        let page = try asking { () throws(Failure) in
            try call.actions.changedBlocks(first, second, from: range.from, limit: range.limit)
        }
        return EBS.json { json in
            json.field("ChangedBlocks", page.blocks) { block, json in
                json.field("BlockIndex", block.index)
                json.field("FirstBlockToken", ifPresent: block.first)
                json.field("SecondBlockToken", ifPresent: block.second)
            }
            json.page(page)
        }
    }
}

struct GetSnapshotBlock: EBSAction {
    static let method = "GET"
    static let path: [String?] = ["snapshots", nil, "blocks", nil]
    private let id: SnapshotID
    private let index: Int
    private let token: String

    init(_ input: RestInput) throws(APIError) {
        id = try input.snapshotID(input.parts[1])
        index = try input.number(input.parts[3], "blockIndex") ?? 0
        guard let token = input.parameter("blockToken") else { throw .ebs("A block is read by its token", "INVALID_BLOCK_TOKEN") }
        self.token = token
    }

    func run(_ call: Call) throws(APIError) -> Response {
        let block = try asking { () throws(Failure) in try call.actions.snapshotBlock(id, index, token: token) }
        return Response(
            200, contentType: "application/octet-stream",
            fields: [
                .init("x-amz-Data-Length", String(block.count)),
                .init("x-amz-Checksum", Base64.text(SHA256.digest(of: block).bytes)),
                .init("x-amz-Checksum-Algorithm", "SHA256"),
            ], body: block)
    }
}

extension JSONWriter {
    fileprivate mutating func page<Block>(_ page: BlockPage<Block>) {
        field("ExpiryTime", page.expiry.seconds)
        field("VolumeSize", page.volumeSize)
        field("BlockSize", SnapshotBlocks.size)
        field("NextToken", ifPresent: page.next.map { PageToken(after: Int64($0)).description })
    }
}
