import Synchronization

/// How many bytes connections together may still hold of requests that are not whole. Nobody has checked who sends them.
final class PendingBytes: Sendable {
    private let left: Mutex<Int>

    init(_ limit: Int) { left = Mutex(limit) }

    /// False, and nothing is taken, where so many are not left.
    func take(_ count: Int) -> Bool {
        left.withLock { left in
            guard count <= left else { return false }
            left -= count
            return true
        }
    }

    func giveBack(_ count: Int) { left.withLock { $0 += count } }
}
