import Model

/// The lines of `console.log`: each with its time in UTC and a level, as AWSTOE writes them.
package enum ConsoleLog {
    package static func lines(of event: ComponentEvent, at time: Instant) -> [String] {
        func info(_ text: String) -> [String] { [line(text, "Info", time)] }
        switch event {
        case .documentStarted(let name): return info("Document \(name)")
        case .phaseStarted(let name): return info("Phase \(name)")
        case .stepStarted(let name, let action): return info("Step \(name) (\(action))")
        case .output(let text): return info("Stdout: \(text)")
        case .remark(let text): return info(text)
        case .stepEnded(let report): return info("Step \(report.name): \(report.status.rawValue)")
        case .failed(let block): return block.lines.map { line($0, "Error", time) }
        case .documentEnded(let name, let status): return info("Document \(name): \(status.rawValue)")
        }
    }

    private static func line(_ text: String, _ level: String, _ time: Instant) -> String {
        let utc = time.description.dropLast()
        let date = utc.prefix { $0 != "T" }
        return "\(date) \(utc.dropFirst(date.count + 1)) \(level) \(text)"
    }
}

extension FailureBlock {
    /// One line a field; further lines of a value are indented below it.
    /// `Hint` is an addition to what AWSTOE prints, and is there only where there is one.
    package var lines: [String] {
        var fields = [
            ("Document", document), ("ComponentArn", componentArn), ("Phase", phase), ("Step", step), ("Action", action),
            ("ErrorMessage", errorMessage), ("Stderr", stderr),
        ]
        if !hint.isEmpty { fields.append(("Hint", hint)) }
        return fields.flatMap { name, value -> [String] in
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
            return ["\(name): \(lines.first ?? "")"] + lines.dropFirst().map { "    \($0)" }
        }
    }
}
