import Cloud
import Crypto
import Model
import Platform
import TestSupport
import Testing

/// Snapshots that are written by blocks, by a clock that only the test moves.
@Suite struct BlockWritingTests {
    @Test("a snapshot that nobody goes on writing is given up, and its blocks go")
    func stale() throws {
        for plane in PlaneUnderTest.forPipelines {
            try plane.withAccounts { world in
                let actions = try world.inside()
                let folder = Files.parent(of: Files.parent(of: try world.region().storeFolder)) + "/blocks"
                let block = [UInt8](repeating: 7, count: SnapshotBlocks.size)
                var start = SnapshotStart(volumeSize: 1)
                start.timeout = 10
                let id = try actions.startSnapshot(start).id
                try actions.putSnapshotBlock(block, at: 0, of: id)
                world.clock.advance(TimeSpan(seconds: 599))
                // Each block gives it more time.
                try actions.putSnapshotBlock(block, at: 1, of: id)
                world.clock.advance(TimeSpan(seconds: 599))
                #expect(Files.names(in: folder) == [id.description])
                #expect(
                    refusal { try world.inside("stranger").putSnapshotBlock(block, at: 2, of: id) }?.code
                        == .invalidSnapshotNotFound)
                world.clock.advance(TimeSpan(seconds: 1))
                #expect(refusal { try actions.putSnapshotBlock(block, at: 2, of: id) }?.code == .incorrectState)
                #expect(Files.names(in: folder).isEmpty)
                #expect(try actions.describeSnapshots(SnapshotQuery(ids: [id])).first?.state == .error)
            }
        }
    }

    @Test("the largest of volumes with one block costs what the block does")
    func sparse() throws {
        for plane in PlaneUnderTest.forPipelines {
            try plane.withAccounts { world in
                let actions = try world.inside()
                let id = try actions.startSnapshot(SnapshotStart(volumeSize: 16_384)).id
                try actions.putSnapshotBlock([UInt8](repeating: 9, count: SnapshotBlocks.size), at: 1_000_000, of: id)
                try actions.completeSnapshot(id, count: 1, checksum: nil)
                let page = try actions.snapshotBlocks(id, from: 0, limit: 100)
                #expect(page.blocks.map(\.index) == [1_000_000] && page.next == nil && page.volumeSize == 16_384)
                #expect(try actions.changedBlocks(nil, id, from: 0, limit: 100).blocks.map(\.index) == [1_000_000])
            }
        }
    }

    @Test("a block that was lost before it was durable is asked for again")
    func lost() throws {
        for plane in PlaneUnderTest.forPipelines {
            try plane.withAccounts { world in
                let actions = try world.inside()
                let folder = Files.parent(of: Files.parent(of: try world.region().storeFolder)) + "/blocks"
                let block = [UInt8](repeating: 7, count: SnapshotBlocks.size)
                let id = try actions.startSnapshot(SnapshotStart(volumeSize: 1)).id
                try actions.putSnapshotBlock(block, at: 3, of: id)
                let file = try FileDescriptor.open("\(folder)/\(id)", .readWrite)
                try file.write([UInt8](repeating: 0, count: 100).span, at: 3 * SnapshotBlocks.size + 5)
                #expect(refusal { try actions.completeSnapshot(id, count: 1, checksum: nil) }?.code == .invalidBlock)
                try actions.putSnapshotBlock(block, at: 3, of: id)
                try actions.completeSnapshot(id, count: 1, checksum: SHA256.digest(of: SHA256.digest(of: block).bytes))
                let page = try actions.snapshotBlocks(id, from: 0, limit: 100)
                #expect(page.blocks.map(\.index) == [3])
                let token = try #require(page.blocks.first?.token)
                #expect(try actions.snapshotBlock(id, 3, token: token) == block)
                // Tokens are of one block, and end.
                #expect(refusal { _ = try actions.snapshotBlock(id, 2, token: token) }?.code == .invalidBlockToken)
                world.clock.advance(SnapshotBlocks.tokenLife)
                #expect(refusal { _ = try actions.snapshotBlock(id, 3, token: token) }?.code == .invalidBlockToken)
            }
        }
    }
}
