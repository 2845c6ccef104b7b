/// What a long run reports about itself. Safe to call from any thread.
package protocol ProgressSink: Sendable {
    /// A step begins. `step` identifies it in later events; `label` is what a person reads.
    func begin(_ step: String, label: String)

    /// How far a step is.
    /// - Parameters:
    ///   - done: so much of `amount` is done.
    ///   - detail: what it is doing, one line; nil leaves the last one.
    func update(_ step: String, done: ProgressAmount?, detail: String?)

    /// A step ended.
    /// - Parameter detail: what came of it, one line.
    func finish(_ step: String, _ outcome: ProgressOutcome, detail: String?)

    /// A line between the steps.
    func note(_ text: String)
}

/// How much of something is done.
package struct ProgressAmount: Sendable, Equatable {
    package enum Unit: Sendable {
        case bytes
        case items
    }

    package var done: UInt64
    /// Nil while it is not known.
    package var total: UInt64?
    package var unit: Unit

    package init(_ done: UInt64, of total: UInt64? = nil, unit: Unit = .bytes) {
        self.done = done
        self.total = total
        self.unit = unit
    }
}

package enum ProgressOutcome: Sendable, Equatable, CaseIterable {
    case succeeded
    case failed
    /// Nothing had to be done, as with a cached stage.
    case skipped
}
