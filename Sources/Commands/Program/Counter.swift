import Synchronization

/// Adds up amounts that several threads report.
final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)

    /// The sum so far, with `amount`.
    func add(_ amount: UInt64) -> UInt64 { value.wrappingAdd(amount, ordering: .relaxed).newValue }
}
