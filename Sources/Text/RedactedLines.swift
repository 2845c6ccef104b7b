/// Blots secret values out of lines that come one after the other, also out of such as are cut over two lines. A line at whose end
/// a value may begin is kept back until the next one shows.
package struct RedactedLines {
    private let redactor: Redactor
    /// Lines with their ends, that were not given out yet.
    private var pending: [UInt8] = []

    package init(_ redactor: Redactor) { self.redactor = redactor }

    package mutating func take(_ line: String, _ emit: (String) -> Void) {
        if redactor.isEmpty { return emit(line) }
        pending += line.utf8
        pending.append(0x0A)
        guard case .maybe(let place) = redactor.redact(&pending, isEnd: false) else { return give(pending.count, emit) }
        // Whole lines only: the one in which a value may begin stays.
        give(pending[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0, emit)
    }

    /// Gives out what was kept back.
    package mutating func finish(_ emit: (String) -> Void) {
        _ = redactor.redact(&pending, isEnd: true)
        give(pending.count, emit)
    }

    private mutating func give(_ count: Int, _ emit: (String) -> Void) {
        for line in pending[..<count].dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) where count > 0 {
            emit(String(decoding: line, as: UTF8.self))
        }
        pending.removeFirst(count)
    }
}
