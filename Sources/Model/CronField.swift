/// One of the six fields of an AWS cron expression: its name, its range, and how its text becomes values.
struct CronField: Sendable {
    let name: String
    let range: ClosedRange<Int>
    /// Names of values, the first one for the lowest; upper case.
    var words: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let dayOfMonth = CronField(name: "day-of-month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    static let dayOfWeek = CronField(name: "day-of-week", range: 1...7, words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])
    static let year = CronField(name: "year", range: 1970...2199)

    static let all = [minute, hour, dayOfMonth, month, dayOfWeek, year]

    /// The values that a list such as `0,30` or `MON-FRI` or `5/10` means, ascending.
    func values(of text: String) throws(Failure) -> [Int] {
        var values: Set<Int> = []
        for term in try terms(of: text) { values.formUnion(try expand(term, in: text)) }
        return values.sorted()
    }

    /// The parts between commas.
    func terms(of text: String) throws(Failure) -> [String] {
        let terms = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !terms.contains("") else { throw failure(text, "there is nothing on one side of a comma") }
        return terms
    }

    /// `*`, `5`, `MON-FRI`, `*/15`, `5/10` (from 5 to the end) or `10-30/5`.
    func expand(_ term: String, in text: String) throws(Failure) -> [Int] {
        let parts = term.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw failure(text, "\"\(term)\" has more than one /") }
        let span = try span(of: parts[0], in: text, toEnd: parts.count == 2)
        return parts.count == 1
            ? Array(span) : Array(stride(from: span.lowerBound, through: span.upperBound, by: try step(parts[1], in: text)))
    }

    private func step(_ step: String, in text: String) throws(Failure) -> Int {
        let largest = range.upperBound - range.lowerBound
        guard let value = decimal(step), (1...largest).contains(value) else {
            throw failure(text, "the increment \"\(step)\" is outside 1 to \(largest)")
        }
        return value
    }

    /// What stands before a `/`, or alone. A single value reaches to the end of the range where an increment follows.
    private func span(of part: String, in text: String, toEnd: Bool) throws(Failure) -> ClosedRange<Int> {
        if part == "*" { return range }
        let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2 else { throw failure(text, "\"\(part)\" has more than one -") }
        let first = try value(ends[0], in: text)
        guard ends.count == 2 else { return first...(toEnd ? range.upperBound : first) }
        let last = try value(ends[1], in: text)
        guard first <= last else {
            throw failure(text, "the range \(part) runs backwards", hint: "write it as two ranges with a comma between them")
        }
        return first...last
    }

    /// A number or a name within the range.
    func value(_ word: String, in text: String) throws(Failure) -> Int {
        if let index = words.firstIndex(of: word.uppercased()) { return range.lowerBound + index }
        if let number = decimal(word), range.contains(number) { return number }
        throw failure(text, decimal(word) == nil ? "\"\(word)\" is not \(allowed)" : "\(word) is outside \(allowed)")
    }

    /// `1 to 12 or JAN to DEC`
    private var allowed: String {
        let numbers = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = words.first, let last = words.last else { return numbers }
        return "\(numbers) or \(first) to \(last)"
    }

    func failure(_ text: String, _ reason: String, hint: String? = nil) -> Failure {
        Failure(.invalid, "the \(name) field of the schedule, \"\(text)\", cannot be used: \(reason)", hint: hint)
    }
}
