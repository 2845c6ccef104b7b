import Crypto
import Model
import Platform
import Records
import SQLite

// ListSnapshotBlocks, ListChangedBlocks and GetSnapshotBlock.
extension EmbeddedActions {
    func snapshotBlocks(
        _ id: SnapshotID, from index: Int, limit: Int
    ) throws(Failure) -> BlockPage<SnapshotBlock> {
        let (snapshot, image) = try disk(id)
        let secret = try blockSecret()
        let expiry = now + SnapshotBlocks.tokenLife
        let found = Array(image.indexes.lazy.filter { $0 >= index }.prefix(limit + 1))
        let blocks = found.prefix(limit).map { index in
            SnapshotBlock(index: index, token: BlockToken.make(id, index, until: expiry, secret: secret))
        }
        return BlockPage(
            blocks: blocks, next: found.count > limit ? found[limit] : nil, volumeSize: snapshot.volumeSize, expiry: expiry)
    }

    func changedBlocks(
        _ first: SnapshotID?, _ second: SnapshotID, from index: Int, limit: Int
    ) throws(Failure) -> BlockPage<ChangedBlock> {
        let (snapshot, new) = try disk(second)
        let old = try first.map { id throws(Failure) in try disk(id).image }
        let secret = try blockSecret()
        let expiry = now + SnapshotBlocks.tokenLife
        let candidates = Set(new.indexes).union(old?.indexes ?? []).filter { $0 >= index }.sorted()
        var blocks: [ChangedBlock] = []
        var next: Int?
        for index in candidates {
            let before = old?.digests[index]
            let after = new.digests[index]
            guard before != after else { continue }
            if blocks.count == limit {
                next = index
                break
            }
            let firstToken = first.flatMap { id in
                before.map { _ in BlockToken.make(id, index, until: expiry, secret: secret) }
            }
            let secondToken = after.map { _ in BlockToken.make(second, index, until: expiry, secret: secret) }
            blocks.append(ChangedBlock(index: index, first: firstToken, second: secondToken))
        }
        return BlockPage(blocks: blocks, next: next, volumeSize: snapshot.volumeSize, expiry: expiry)
    }

    func snapshotBlock(_ id: SnapshotID, _ index: Int, token: String) throws(Failure) -> [UInt8] {
        guard BlockToken.isValid(token, id, index, at: now, secret: try blockSecret()) else {
            throw Failure(PlaneError(.invalidBlockToken, "The block token is not valid for block \(index) of \(id)."))
        }
        return try disk(id).image.block(index)
    }

    private func disk(_ id: SnapshotID) throws(Failure) -> (snapshot: SnapshotRecord, image: BlockImage) {
        let (snapshot, disk) = try read("look up the snapshot \(id)") { session in
            let snapshot = try visibleSnapshot(id, session).asOf(now)
            try snapshot.checkReadable()
            guard try access(to: snapshot, session).use(by: caller) == .allowed else { throw Failure(.closedKey(of: id)) }
            return (snapshot, try session.disk(of: id))
        }
        return (snapshot, try region.blockImage(of: snapshot, disk: disk))
    }

    /// The key of the region's tokens, made when it is first needed.
    private func blockSecret() throws(Failure) -> [UInt8] {
        if let known = try region.database.read("look up the key of block tokens", { try $0.blockSecret() }) { return known }
        let new = try region.random(32)
        return try region.database.write("keep the key of block tokens") { session in
            try session.run("INSERT OR IGNORE INTO block_secrets VALUES (1, ?)", new)
            return try session.blockSecret() ?? new
        }
    }
}
