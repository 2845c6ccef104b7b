import ImageStore
import Model
import Platform
import Synchronization

/// What the packages of a stored tree recorded, read by several threads. `VendorDigests` puts it together, which is work for one.
package struct VendorShares: Sendable {
    let tree: Tree
    let written: WrittenPaths
    /// In the order of the databases.
    let all: [VendorRecords]

    /// So many that no thread waits long for the last one.
    private static let sharesOfThread = 6

    package init(in tree: Tree) throws(Failure) {
        let written = try WrittenPaths(in: tree)
        let count = Self.sharesOfThread * Threads.available
        let shares = Mutex([VendorRecords](repeating: VendorRecords(), count: count))
        // Each thread reads the databases themselves.
        try Threads.forEach(
            below: count, with: { Result { () throws(Failure) in try InstalledPackages.sources(in: tree) } }
        ) { (sources, index) throws(Failure) in
            let share = try VendorRecords(of: try sources.get(), in: PackageShare(index, of: count), written)
            shares.withLock { $0[index] = share }
        }
        (self.tree, self.written, all) = (tree, written, shares.withLock { $0 })
    }
}
