/// What is known about a run: the steps, how far they are, and which lines have not been shown. Pure; times are nanoseconds of one clock.
struct ProgressBoard {
    struct Step {
        let id: String
        let label: String
        let began: UInt64
        var amount: ProgressAmount?
        var detail: String?
        /// The first amount heard of and when, from which the rate follows: a resumed copy does not start at zero.
        var baseline: (amount: UInt64, time: UInt64)?

        /// Units a second since the first amount; nil before half a second has passed.
        func rate(at now: UInt64) -> UInt64? {
            guard let baseline, let amount, amount.done > baseline.amount, now >= baseline.time + 500_000_000 else { return nil }
            return UInt64(Double(amount.done - baseline.amount) / (Double(now - baseline.time) / 1e9))
        }
    }

    /// Running, in the order in which they began.
    private(set) var running: [Step] = []
    /// The widest label so far, in columns, so that lines stay aligned.
    private(set) var labelWidth = 8
    static let widestLabel = 32

    /// Makes room for a label, so that a later line does not shift the columns.
    mutating func expect(_ label: String) {
        labelWidth = min(Self.widestLabel, max(labelWidth, DisplayWidth.of(PlainText.oneLine(label))))
    }

    mutating func begin(_ id: String, label: String, at now: UInt64) -> Step {
        running.removeAll { $0.id == id }
        let step = Step(id: id, label: PlainText.oneLine(label), began: now)
        running.append(step)
        expect(label)
        return step
    }

    /// The step as it is now; nil where it never began or has ended.
    mutating func update(_ id: String, _ amount: ProgressAmount?, _ detail: String?, at now: UInt64) -> Step? {
        guard let index = running.firstIndex(where: { $0.id == id }) else { return nil }
        if let amount {
            if running[index].baseline == nil { running[index].baseline = (amount.done, now) }
            running[index].amount = amount
        }
        if let detail { running[index].detail = PlainText.oneLine(detail) }
        return running[index]
    }

    /// Takes the step off the board. A step that never began, such as a cached one, counts as begun now.
    mutating func finish(_ id: String, detail: String?, at now: UInt64) -> Step {
        var step = running.first { $0.id == id } ?? Step(id: id, label: PlainText.oneLine(id), began: now)
        running.removeAll { $0.id == id }
        expect(step.label)
        step.amount = nil
        step.detail = detail.map(PlainText.oneLine)
        return step
    }
}
