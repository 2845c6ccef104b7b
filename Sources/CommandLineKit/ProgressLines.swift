import Text

/// A step as one line, on a terminal and in a log.
struct ProgressLines {
    let terminal: Terminal

    private static let barWidth: UInt64 = 16

    /// `✓ patch      1.2s  12 packages`. One column stays free, so that no terminal wraps the line.
    func live(_ step: ProgressBoard.Step, _ outcome: ProgressOutcome?, labelWidth: Int, at now: UInt64) -> String {
        let label = DisplayWidth.pad(DisplayWidth.truncate(step.label, to: labelWidth), to: labelWidth)
        let elapsed = DisplayWidth.pad(Amount.clock(nanoseconds: now - min(now, step.began)), to: 7, .trailing)
        let tail = [bar(step), amount(step, at: now), step.detail].compactMap { $0 }.filter { !$0.isEmpty }
        let plain = ([label + " " + elapsed] + tail).joined(separator: "  ")
        let room = max(1, terminal.width - 3)
        return marker(outcome) + " " + DisplayWidth.truncate(plain, to: room).droppingTrailingSpaces
    }

    /// `done    patch (1.2s): 12 packages`
    func log(_ step: ProgressBoard.Step, _ outcome: ProgressOutcome, at now: UInt64) -> String {
        let word =
            switch outcome {
            case .succeeded: "done    "
            case .failed: "failed  "
            case .skipped: "skipped "
            }
        let elapsed = outcome == .skipped ? "" : " (\(Amount.clock(nanoseconds: now - min(now, step.began))))"
        let detail = step.detail.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
        return word + step.label + elapsed + detail
    }

    func logBegin(_ step: ProgressBoard.Step) -> String {
        "start   " + step.label
    }

    /// `running patch: 12.0 of 40.0 MB, 3.1 MB/s, nginx.deb`
    func logUpdate(_ step: ProgressBoard.Step, at now: UInt64) -> String {
        let facts = [amount(step, at: now), step.detail].compactMap { $0 }.filter { !$0.isEmpty }
        return "running " + step.label + (facts.isEmpty ? "" : ": " + facts.joined(separator: ", "))
    }

    private func marker(_ outcome: ProgressOutcome?) -> String {
        switch outcome {
        case nil: terminal.styled("•", .bold)
        case .succeeded: terminal.styled("✓", .green)
        case .failed: terminal.styled("✗", .red)
        case .skipped: terminal.styled("↷", .dim)
        }
    }

    private func bar(_ step: ProgressBoard.Step) -> String? {
        guard let amount = step.amount, let total = amount.total, total > 0 else { return nil }
        let share = Double(min(amount.done, total)) / Double(total)
        let filled = Int(share * Double(Self.barWidth))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: Int(Self.barWidth) - filled) + "]"
    }

    private func amount(_ step: ProgressBoard.Step, at now: UInt64) -> String? {
        guard let amount = step.amount else { return nil }
        let show = { (count: UInt64) in amount.unit == .bytes ? Amount.bytes(count) : String(count) }
        let done = amount.total.map { "\(show(amount.done)) of \(show($0))" } ?? show(amount.done)
        guard let rate = step.rate(at: now) else { return done }
        return "\(done), \(show(rate))/s"
    }
}

extension String {
    var droppingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
