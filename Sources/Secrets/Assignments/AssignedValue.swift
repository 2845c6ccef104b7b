/// The value that stands behind a name: `= "x"`, `: x`, `=> 'x'`, `('x')`, `>x</`, `" value="x"`.
struct AssignedValue {
    let range: Range<Int>
    let isQuoted: Bool
    /// Whether the name was in quotes or brackets of its own.
    let nameIsQuoted: Bool
    let form: Form
    /// Whether the line ends behind it, but for a comment.
    let endsLine: Bool
    /// Whether it stands alone: it ends the line, or is a field of several: `a=x b=y`, `a=x;b=y`.
    let isField: Bool

    enum Form {
        case equals, colon, arrow
        /// A further argument, or the argument of a call.
        case argument
        case element
        /// `the password is x`
        case sentence
    }

    /// Longer values are no credentials of this kind.
    static let maximumLength = 1024

    /// - Parameter end: behind the last byte of the name.
    init?(behind end: Int, in content: Content) {
        var reader = Reader(bytes: content.bytes, position: end)
        nameIsQuoted = reader.skipClosing()
        reader.skipBlanks()
        reader.skipContinuation()
        guard let form = reader.readOperator(nameIsQuoted: nameIsQuoted, isProse: content.syntax.isProse) else { return nil }
        self.form = form
        reader.skipBlanks()
        reader.skipContinuation()
        let isOnNextLine = form == .element && reader.skipLines()
        reader.skipDecorations()
        if let quoted = reader.quoted() {
            range = quoted
            isQuoted = true
        } else {
            guard form != .argument, let bare = reader.bare(form, content.syntax) else { return nil }
            range = bare
            isQuoted = false
        }
        if isOnNextLine && !reader.isClosed(behind: range.upperBound) { return nil }
        let lineEnd = content.lineEnd(min(range.upperBound, content.bytes.count), limit: 200)
        let rest = content.bytes[min(range.upperBound, lineEnd)..<lineEnd]
        let behind = rest.drop { ByteSet(" \t\"',;)}]\\>").contains($0) }
        endsLine = behind.isEmpty || (behind.startIndex > rest.startIndex && ByteSet("#/;").contains(behind.first ?? 0))
        let isTight = !isQuoted && range.lowerBound == end + 1 && form == .equals
        isField = endsLine || isQuoted || isTight || ByteSet(";&,<").contains(rest.first ?? 0)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position: Int

        func peek(_ ahead: Int = 0) -> UInt8 { position + ahead < bytes.count ? bytes[position + ahead] : 0 }

        func starts(_ text: StaticString) -> Bool {
            bytes[min(position, bytes.count)...].starts(with: Array(text.description.utf8))
        }

        mutating func skipBlanks() {
            let limit = position + 64
            while position < limit && (peek() == 0x20 || peek() == 0x09) { position += 1 }
        }

        /// The quotes and brackets behind a name; true where there was a quote.
        mutating func skipClosing() -> Bool {
            var found = false
            for _ in 0..<3 {
                if peek() == 0x5C && (peek(1) == 0x22 || peek(1) == 0x27) { position += 1 }
                switch peek() {
                case 0x22, 0x27, 0x60:
                    found = true
                    position += 1
                case 0x5D: position += 1
                default: return found
                }
            }
            return found
        }

        /// A backslash at the end of a line, and the blanks of the next one.
        mutating func skipContinuation() {
            guard peek() == 0x5C, peek(1) == 0x0A || peek(1) == 0x0D && peek(2) == 0x0A else { return }
            position += peek(1) == 0x0A ? 2 : 3
            skipBlanks()
        }

        /// Ends of lines, and blanks: in XML, an element's text may stand on a line of its own.
        mutating func skipLines() -> Bool {
            let start = position
            while position < start + 64 && ByteSet(" \t\r\n").contains(peek()) { position += 1 }
            return bytes[start..<position].contains(0x0A)
        }

        /// Whether an element's end follows.
        func isClosed(behind end: Int) -> Bool {
            let rest = bytes[end...].prefix(64).drop { ByteSet(" \t\r\n").contains($0) }
            return rest.starts(with: [0x3C, 0x2F])
        }

        mutating func readOperator(nameIsQuoted: Bool, isProse: Bool) -> Form? {
            if let form = namedValue(nameIsQuoted) { return form }
            // As people write: `the password is: x`.
            if isProse && starts("is: ") {
                position += 2
            } else if isProse && starts("is ") {
                position += 3
                return .sentence
            }
            // The separators of Java's properties may stand escaped.
            if peek() == 0x5C && (peek(1) == 0x3D || peek(1) == 0x3A) { position += 1 }
            // A type: `password: String = "x"`, `let token: &str = "x"`.
            if peek() == 0x3A && peek(1) != 0x3D, let assigned = behindType() { position = assigned }
            if !nameIsQuoted, let assigned = behindBareType() { position = assigned }
            if starts("===") || starts("==") || starts("=~") || starts("!=") { return nil }
            for (text, form) in Self.operators where bytes[min(position, bytes.count)...].starts(with: text) {
                position += text.count
                return form
            }
            switch peek() {
            case 0x3D:
                position += 1
                return .equals
            case 0x3A:
                if peek(1) == 0x3A { return nil }
                position += 1
                return .colon
            case 0x2C where nameIsQuoted, 0x28:
                position += 1
                return .argument
            case 0x3E:
                position += 1
                return .element
            default: break
            }
            return attribute(nameIsQuoted)
        }

        /// A name that is itself a value, with the value of the same thing behind it: `name: DB_PASSWORD`, and `value: x` on the next line;
        /// `{"name": "DB_PASSWORD", "value": "x"}`.
        private mutating func namedValue(_ nameIsQuoted: Bool) -> Form? {
            var place = position
            if nameIsQuoted && peek() == 0x2C { place += 1 }
            let start = place
            while place < bytes.count && place - start < 64 && ByteSet(" \t\r\n").contains(bytes[place]) { place += 1 }
            guard place > position, place < bytes.count else { return nil }
            if bytes[place] == 0x22 { place += 1 }
            guard bytes[place...].starts(with: Self.valueWord) else { return nil }
            place += Self.valueWord.count
            if place < bytes.count && bytes[place] == 0x22 { place += 1 }
            guard place < bytes.count, bytes[place] == 0x3A else { return nil }
            position = place + 1
            return .colon
        }

        private static let valueWord = Array("value".utf8)

        private static let operators: [([UInt8], Form)] = [
            (Array("=>".utf8), .arrow), (Array(":=".utf8), .equals), (Array("?=".utf8), .equals), (Array("+=".utf8), .equals),
            (Array("||=".utf8), .equals), (Array("<-".utf8), .equals),
        ]

        /// `key="password" value="x"`, `name="password">x<`
        private mutating func attribute(_ nameIsQuoted: Bool) -> Form? {
            guard nameIsQuoted else { return nil }
            for text in ["value=", "Value=", "content="] where bytes[min(position, bytes.count)...].starts(with: Array(text.utf8))
            {
                position += text.utf8.count
                return .equals
            }
            return nil
        }

        /// `token string = "x"`, as Go has it.
        private func behindBareType() -> Int? {
            var end = position
            while end < bytes.count && end - position < 24
                && (ByteSet.word.contains(bytes[end]) || ByteSet("*[].").contains(bytes[end]))
            { end += 1 }
            guard end > position, end + 2 < bytes.count, bytes[end] == 0x20, bytes[end + 1] == 0x3D, bytes[end + 2] == 0x20 else {
                return nil
            }
            return end + 1
        }

        private func behindType() -> Int? {
            var end = position + 1
            while end < bytes.count && end - position < 40 {
                let byte = bytes[end]
                if byte == 0x3D { return end + 1 < bytes.count && bytes[end + 1] != 0x3D && end - position > 2 ? end : nil }
                guard ByteSet.alphanumeric.contains(byte) || ByteSet(" &?!<>[]_").contains(byte) else { return nil }
                end += 1
            }
            return nil
        }

        /// What stands before a value: an opening parenthesis or bracket, a YAML anchor or tag, a prefix of a string literal.
        mutating func skipDecorations() {
            if peek() == 0x26 || (peek() == 0x21 && peek(1) == 0x21) {
                var end = position + 1
                while end < bytes.count && end - position < 64 && (ByteSet.unreserved.contains(bytes[end]) || bytes[end] == 0x21)
                { end += 1 }
                if end < bytes.count && bytes[end] == 0x20 && end - position > 1 { position = end + 1 }
                skipBlanks()
            }
            if (peek() == 0x5B || peek() == 0x28) && (peek(1) == 0x22 || peek(1) == 0x27) { position += 1 }
            if ByteSet("rbufLRBU@$").contains(peek()) && (peek(1) == 0x22 || peek(1) == 0x27) { position += 1 }
            // A block of YAML: the value is the next line.
            if (peek() == 0x7C || peek() == 0x3E) && ByteSet("-+\r\n 0123456789").contains(peek(1)) {
                var end = position + 1
                while end < bytes.count && end - position < 4 && bytes[end] != 0x0A { end += 1 }
                if end < bytes.count && bytes[end] == 0x0A {
                    position = end + 1
                    skipBlanks()
                }
            }
        }

        mutating func quoted() -> Range<Int>? {
            let isEscaped = peek() == 0x5C && (peek(1) == 0x22 || peek(1) == 0x27)
            let quote = isEscaped ? peek(1) : peek()
            guard quote == 0x22 || quote == 0x27 || quote == 0x60 else { return nil }
            var start = position + (isEscaped ? 2 : 1)
            // Three quotes, as Python and TOML have them.
            if !isEscaped && start + 1 < bytes.count && bytes[start] == quote && bytes[start + 1] == quote { start += 2 }
            var end = start
            while end < bytes.count && end - start <= AssignedValue.maximumLength {
                let byte = bytes[end]
                if byte == 0x0A || byte == 0x0D { return nil }
                if isEscaped && byte == 0x5C && end + 1 < bytes.count && bytes[end + 1] == quote { return start..<end }
                if !isEscaped && byte == quote { return start..<end }
                end += !isEscaped && byte == 0x5C ? 2 : 1
            }
            return nil
        }

        /// A word, or in settings all up to the end of the line or a comment.
        mutating func bare(_ form: Form, _ syntax: Syntax) -> Range<Int>? {
            let start = position
            var end = start
            let stops = form == .element ? ByteSet("<\"") : ByteSet(" \t\"'<>`")
            while end < bytes.count && end - start <= AssignedValue.maximumLength {
                let byte = bytes[end]
                if byte == 0x0A || byte == 0x0D || byte == 0 || stops.contains(byte) { break }
                // The next field of a connection string or query.
                if (byte == 0x3B || byte == 0x26) && endsField(end) { break }
                if byte == 0x2C && (end + 1 >= bytes.count || ByteSet(" \t\r\n\"'").contains(bytes[end + 1])) { break }
                if (byte == 0x7D || byte == 0x29 || byte == 0x5D) && !hasOpening(byte, start..<end) { break }
                end += 1
            }
            if end == start || end - start > AssignedValue.maximumLength { return nil }
            return start..<end
        }

        private func hasOpening(_ closing: UInt8, _ range: Range<Int>) -> Bool {
            let opening: UInt8 = closing == 0x29 ? 0x28 : closing - 2
            return bytes[range].contains(opening)
        }

        /// Whether a name and `=` follow, or the text ends here.
        private func endsField(_ position: Int) -> Bool {
            var end = position + 1
            while end < bytes.count && bytes[end] == 0x20 { end += 1 }
            if end >= bytes.count || ByteSet("\r\n\"'<").contains(bytes[end]) { return true }
            let start = end
            while end < bytes.count && end - start < 40
                && (ByteSet.word.contains(bytes[end]) || bytes[end] == 0x20 || bytes[end] == 0x2E)
            { end += 1 }
            return end > start && end < bytes.count && bytes[end] == 0x3D
        }
    }
}
