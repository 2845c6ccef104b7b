import Glibc

/// What an output stream is connected to.
package struct Terminal: Sendable, Equatable {
    /// Whether a person looks at it: lines can be truncated and repainted.
    package var isInteractive: Bool
    /// Whether colours and styles are wanted.
    package var isStyled: Bool
    /// Columns. For a file or pipe, the width at which prose is wrapped.
    package var width: Int

    package static let defaultWidth = 80
    /// Prose is not wrapped narrower or wider than this, however wide the terminal.
    static let proseWidths = 40...100

    package init(isInteractive: Bool, isStyled: Bool, width: Int) {
        self.isInteractive = isInteractive
        self.isStyled = isStyled
        self.width = width
    }

    /// A file, a pipe or a test.
    package static let plain = Terminal(isInteractive: false, isStyled: false, width: defaultWidth)

    /// What `stream` is connected to. `NO_COLOR` (any value but an empty one) and `TERM=dumb` are honoured, as https://no-color.org asks.
    package init(of stream: StandardStream, environment: [String: String]) {
        let isTerminal = isatty(stream.descriptor) == 1
        let columns = Self.columns(stream.descriptor)
        self.init(isTerminal: isTerminal, columns: columns, environment: environment)
    }

    /// The rules, apart from the system calls. `COLUMNS` wins over what the terminal says, as in other programs.
    package init(isTerminal: Bool, columns: Int?, environment: [String: String]) {
        let capable = isTerminal && environment["TERM"] != "dumb"
        isInteractive = capable
        isStyled = capable && environment["NO_COLOR", default: ""].isEmpty
        let wish = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        width = wish ?? (isTerminal ? columns : nil) ?? Self.defaultWidth
    }

    /// The width at which prose is wrapped.
    package var proseWidth: Int {
        min(max(width, Self.proseWidths.lowerBound), Self.proseWidths.upperBound)
    }

    private static func columns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }
}
