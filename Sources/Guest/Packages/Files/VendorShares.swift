import ImageStore
import Model
import Platform
import Synchronization

/// What the packages of a stored tree recorded, read by several threads. `VendorDigests` puts it together, which is work for one.
package struct VendorShares: Sendable {
    /// Those of each database in its order.
    let all: [VendorRecords]

    /// So many that no thread waits long for the last one.
    private static let sharesOfThread = 6

    package init(in tree: Tree, within budget: VendorBudget = VendorBudget()) throws(Failure) {
        let written = try WrittenPaths(in: tree)
        let count = Self.sharesOfThread * Threads.available
        let shares = Mutex([VendorRecords](repeating: VendorRecords(), count: count))
        try Threads.forEach(below: count, with: { Result { () throws(Failure) in try Reader(tree, written) } }) {
            (reader, index) throws(Failure) in
            let share = try reader.get().share(PackageShare(index, of: count), budget)
            shares.withLock { $0[index] = share }
        }
        all = shares.withLock { $0 }
    }

    /// What each thread reads by itself.
    private final class Reader {
        private let sources: [any PackageSource]
        private var places: PackagePlaces

        init(_ tree: Tree, _ written: WrittenPaths) throws(Failure) {
            sources = try InstalledPackages.sources(in: tree)
            places = PackagePlaces(in: tree, written)
        }

        func share(_ share: PackageShare, _ budget: VendorBudget) throws(Failure) -> VendorRecords {
            try VendorRecords(of: sources, in: share, &places, within: budget)
        }
    }
}
