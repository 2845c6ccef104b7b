import Model

/// The iterations of a loop, in order. What the items refer to is read once, at the beginning.
struct LoopIterations: Sequence {
    private enum Source {
        case counter(start: Int, end: Int, step: Int)
        case values([String], isSecret: Bool)
    }

    private let source: Source

    init(_ loop: StepLoop, by renderer: Renderer) throws(Failure) {
        var inputs = InputRenderer(renderer: renderer)
        switch loop.kind {
        case .counter(let start, let end, let step): source = .counter(start: start, end: end, step: step)
        case .items(let items):
            var values: [String] = []
            for item in items { values += try inputs.texts(item) }
            source = .values(values, isSecret: inputs.sawSecret)
        case .delimited(let list, let delimiter):
            if let values = try renderer.list(list) {
                source = .values(values, isSecret: false)
            } else {
                let text = try inputs.text(list)
                // A list without entries has no iterations.
                let values =
                    text.isEmpty ? [] : text.split(separator: delimiter, omittingEmptySubsequences: false).map(String.init)
                source = .values(values, isSecret: inputs.sawSecret)
            }
        }
    }

    func makeIterator() -> AnyIterator<LoopIteration> {
        var index = -1
        switch source {
        case .values(let values, let isSecret):
            return AnyIterator {
                index += 1
                return values.indices.contains(index)
                    ? LoopIteration(index: index, value: values[index], isSecret: isSecret) : nil
            }
        case .counter(let start, let end, let step):
            var next: Int? = start
            return AnyIterator {
                guard let value = next, step > 0 ? value <= end : value >= end else { return nil }
                let (sum, overflow) = value.addingReportingOverflow(step)
                next = overflow ? nil : sum
                index += 1
                return LoopIteration(index: index, value: String(value), isSecret: false)
            }
        }
    }
}
