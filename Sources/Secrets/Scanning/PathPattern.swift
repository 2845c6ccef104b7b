/// A pattern for whole paths: `*` is any bytes without a slash, `**` any bytes, all else is itself. `Guest.Wildcard` knows no slash, and
/// takes `?`, `[` and `\` for more than themselves.
struct PathPattern {
    private enum Part {
        case byte(UInt8)
        case run(crossesFolders: Bool)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        for byte in text.utf8 {
            switch (byte, parts.last) {
            case (UInt8(ascii: "*"), .run): parts[parts.count - 1] = .run(crossesFolders: true)
            case (UInt8(ascii: "*"), _): parts.append(.run(crossesFolders: false))
            default: parts.append(.byte(byte))
            }
        }
        self.parts = parts
    }

    /// Takes time in proportion to the pattern's length times the path's, whatever the bytes: all places of the pattern that the path's
    /// beginning can have come to are carried along, and nothing is gone back to.
    func matches(_ path: String) -> Bool {
        var places = [Bool](repeating: false, count: parts.count + 1)
        places[0] = true
        passRuns(&places)
        for byte in path.utf8 {
            var next = [Bool](repeating: false, count: places.count)
            for (index, part) in parts.enumerated() where places[index] {
                switch part {
                case .byte(let wanted): if wanted == byte { next[index + 1] = true }
                case .run(let crossesFolders): if crossesFolders || byte != UInt8(ascii: "/") { next[index] = true }
                }
            }
            passRuns(&next)
            places = next
        }
        return places[parts.count]
    }

    /// A run may stand for nothing.
    private func passRuns(_ places: inout [Bool]) {
        for (index, part) in parts.enumerated() where places[index] {
            if case .run = part { places[index + 1] = true }
        }
    }
}
