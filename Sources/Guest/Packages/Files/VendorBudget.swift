import Model
import Synchronization

/// How much the packages of one image may have recorded of their files, whoever reads it: all threads take from it before they keep something.
///
/// Beyond it an image is refused as hostile.
package final class VendorBudget: Sendable {
    private let records: Int
    private let bytes: Int
    private let left: Mutex<(records: Int, bytes: Int)>

    /// - Parameter bytes: of names, digests, folders' paths and packages' names.
    package init(records: Int = 500_000, bytes: Int = 128 << 20) {
        (self.records, self.bytes) = (records, bytes)
        left = Mutex((records, bytes))
    }

    /// At least one.
    func takeRecords(upTo count: Int) throws(Failure) -> Int {
        let taken = left.withLock { left in
            let taken = min(count, left.records)
            left.records -= taken
            return taken
        }
        guard taken > 0 else { throw exhausted }
        return taken
    }

    func takeBytes(_ least: Int, upTo most: Int) throws(Failure) -> Int {
        let taken = left.withLock { left in
            let taken = left.bytes < least ? nil : max(least, min(most, left.bytes))
            left.bytes -= taken ?? 0
            return taken
        }
        guard let taken else { throw exhausted }
        return taken
    }

    func giveBack(records: Int, bytes: Int) {
        left.withLock { left in
            left.records += records
            left.bytes += bytes
        }
    }

    private var exhausted: Failure {
        Failure(
            .exhausted,
            "the packages of the image recorded more than \(records) digests of files, or more than \(bytes) bytes of their names"
        )
    }
}

/// What one reader took of a budget and has not used: it takes for many records at once, so that threads do not wait for one another.
struct VendorRoom {
    private let budget: VendorBudget
    private var records = 0
    private var bytes = 0

    private static let portion = (records: 64, bytes: 16 << 10)

    init(in budget: VendorBudget) { self.budget = budget }

    mutating func useRecord(bytes count: Int) throws(Failure) {
        if records == 0 { records = try budget.takeRecords(upTo: Self.portion.records) }
        records -= 1
        try use(bytes: count)
    }

    mutating func use(bytes count: Int) throws(Failure) {
        if bytes < count { bytes += try budget.takeBytes(count, upTo: Self.portion.bytes) }
        bytes -= count
    }

    mutating func giveBack() {
        budget.giveBack(records: records, bytes: bytes)
        (records, bytes) = (0, 0)
    }
}
