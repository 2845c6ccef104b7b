import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Writers, images that come and go, and collections, interleaved at random: every recorded image is whole at every moment.
@Suite struct CollectorInterleavingTests {
    /// A writer with the image that it stored and has not recorded yet.
    private struct Running {
        let writer: StoreWriter
        var stored: Digest?
    }

    private func files(_ random: inout SeededRandom) -> [String: [UInt8]] {
        // Few contents, so that images share objects and take each other's up again.
        Dictionary(
            uniqueKeysWithValues: (0..<3).map {
                ("/d\(random.below(2))/f\($0)", [UInt8](repeating: UInt8(random.below(4)), count: 70))
            })
    }

    private static let points = ["collect.condemned", "collect.rewritten", "collect.swept"]

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `every recorded image is whole`(seed: UInt64) throws {
        try withTemporaryFolder { folder in
            var random = SeededRandom(seed)
            let path = "\(folder)/store"
            var recorded: [Digest] = []
            var running: [Running] = []
            for step in 0..<60 {
                switch random.below(7) {
                case 0: running.append(Running(writer: try StoreWriter(try ObjectStore(path, environment: .system()))))
                case 1 where !running.isEmpty, 2 where !running.isEmpty:
                    let index = random.below(running.count)
                    let root = try tree(files(&random), in: running[index].writer)
                    try running[index].writer.publish()
                    running[index].stored = root
                case 3 where !running.isEmpty:
                    // The image is recorded, and its writer ends.
                    if let root = running.remove(at: random.below(running.count)).stored { recorded.append(root) }
                case 4 where !recorded.isEmpty: recorded.remove(at: random.below(recorded.count))
                case 5:
                    let point = Self.points[random.below(3)]
                    let store = try ObjectStore(path, environment: .failing(at: point))
                    _ = failure { _ = try collect(store, keeping: recorded) }
                default: _ = try collect(try ObjectStore(path, environment: .system()), keeping: recorded)
                }
                let store = try ObjectStore(path, environment: .system())
                for root in recorded {
                    #expect(throws: Never.self, "seed \(seed), step \(step)") { try readAll(root, in: store) }
                }
            }
            running = []
            let store = try ObjectStore(path, environment: .system())
            _ = try collect(store, keeping: recorded)
            #expect(try check(store, recorded.map { ("image", $0) }).isSound)
            #expect(try collect(store, keeping: recorded, dryRun: true).removedObjects == 0)
        }
    }
}
