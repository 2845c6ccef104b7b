/// Text in columns.
package struct Table: Sendable {
    package enum Alignment: Sendable {
        case leading
        case trailing
    }

    package struct Column: Sendable, ExpressibleByStringLiteral {
        package var title: String
        package var alignment: Alignment
        /// Whether a terminal that is too narrow may shorten it. Identifiers should stay whole.
        package var canShrink: Bool

        package init(_ title: String, _ alignment: Alignment = .leading, canShrink: Bool = true) {
            self.title = title
            self.alignment = alignment
            self.canShrink = canShrink
        }

        package init(stringLiteral title: String) {
            self.init(title)
        }
    }

    private let columns: [Column]
    private let rows: [[String]]

    private static let gap = "  "
    private static let narrowest = 8

    /// - Parameter rows: one cell a column; missing cells are empty. Control characters in cells are shown as spaces.
    package init(_ columns: [Column], rows: [[String]]) {
        self.columns = columns
        self.rows = rows.map { row in
            columns.indices.map { $0 < row.count ? PlainText.oneLine(row[$0]) : "" }
        }
    }

    /// The header and the rows, each with a newline; nothing where there are no rows. Only on a terminal are cells shortened to fit.
    package func text(on terminal: Terminal) -> String {
        guard !rows.isEmpty else { return "" }
        let widths = widths(fitting: terminal.isInteractive ? terminal.width : nil)
        let header = terminal.styled(line(columns.map(\.title), widths), .bold)
        return ([header] + rows.map { line($0, widths) }).map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = columns.indices.map { index in
            let cell = DisplayWidth.truncate(cells[index], to: widths[index])
            let isLast = index == columns.count - 1 && columns[index].alignment == .leading
            return isLast ? cell : DisplayWidth.pad(cell, to: widths[index], columns[index].alignment)
        }
        return padded.joined(separator: Self.gap).droppingTrailingSpaces
    }

    private func widths(fitting total: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(DisplayWidth.of(columns[index].title)) { max($0, DisplayWidth.of($1[index])) }
        }
        guard let total else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - total
        // The widest column that may shrink gives, one column of text at a time.
        while excess > 0 {
            let candidates = widths.indices.filter { columns[$0].canShrink && widths[$0] > Self.narrowest }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
