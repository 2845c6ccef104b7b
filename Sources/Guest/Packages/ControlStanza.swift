import Model

/// One paragraph of a Debian control file, see deb822(5): its fields in their order, values byte for byte.
package struct ControlStanza: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        /// All bytes between the colon and the line feed that ends the field, continuation lines included.
        package var rawValue: [UInt8]
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) { self.fields = fields }

    /// The value without blanks around it; names are compared without case. Setting nil removes the field, a new one goes last.
    package subscript(name: String) -> String? {
        get { index(name).map { trimmed(String(decoding: fields[$0].rawValue, as: UTF8.self)) } }
        set {
            let position = index(name)
            guard let newValue else {
                if let position { fields.remove(at: position) }
                return
            }
            // A value that starts with a line feed has all its lines as continuations.
            let raw = Array((newValue.first == "\n" ? newValue : " " + newValue).utf8)
            if let position { fields[position].rawValue = raw } else { fields.append(Field(name: name, rawValue: raw)) }
        }
    }

    /// The lines of a value with many, blanks around them taken off, empty ones left out.
    package func lines(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: "\n").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// Puts the fields into the order that `order` gives; those that it does not have stay behind, in their order.
    mutating func sort(by order: [String]) {
        let ranks = Dictionary(
            order.enumerated().map { ($0.element.lowercased(), $0.offset) }, uniquingKeysWith: { first, _ in first })
        let ranked = fields.enumerated().map {
            (rank: ranks[$0.element.name.lowercased()] ?? order.count + $0.offset, field: $0.element)
        }
        fields = ranked.sorted { $0.rank < $1.rank }.map(\.field)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for field in fields {
            bytes += field.name.utf8
            bytes.append(0x3A)
            bytes += field.rawValue
            bytes.append(0x0A)
        }
        return bytes
    }

    private func index(_ name: String) -> Int? {
        fields.firstIndex { field in
            guard field.name.utf8.count == name.utf8.count else { return false }
            return field.name == name || field.name.lowercased() == name.lowercased()
        }
    }
}

/// Reads files of paragraphs.
package enum ControlFile {
    /// Beyond these a file is refused as hostile.
    static let maximumFields = 1000
    static let maximumSize = 128 << 20

    /// All paragraphs. `file` is named in errors. Fields of one paragraph must differ in their names.
    package static func parse(_ bytes: [UInt8], file: String) throws(Failure) -> [ControlStanza] {
        guard bytes.count <= maximumSize else { throw Failure(.exhausted, "\(file) is larger than \(maximumSize) bytes") }
        var stanzas: [ControlStanza] = []
        var fields: [ControlStanza.Field] = []
        var names: Set<String> = []
        var (next, number) = (0, 0)
        // A line at a time: a list of all lines may be many times as large as the file.
        while next <= bytes.count {
            let line = bytes[next..<(bytes[next...].firstIndex(of: 0x0A) ?? bytes.count)]
            next = line.endIndex + 1
            number += 1
            func refused(_ why: String) -> Failure { Failure(.invalid, "\(file):\(number): \(why)") }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                if !fields.isEmpty { stanzas.append(ControlStanza(fields)) }
                (fields, names) = ([], [])
            } else if line.first == 0x20 || line.first == 0x09 {
                guard !fields.isEmpty else { throw refused("a continuation line without a field") }
                fields[fields.count - 1].rawValue += [0x0A] + line
            } else {
                guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else {
                    throw refused("a line without a field name")
                }
                let name = line[..<colon]
                guard name.allSatisfy({ 0x21...0x7E ~= $0 }), name.first != 0x23, name.first != 0x2D else {
                    throw refused("a field name with characters that are not allowed")
                }
                let field = ControlStanza.Field(
                    name: String(decoding: name, as: UTF8.self), rawValue: Array(line[(colon + 1)...]))
                guard names.insert(field.name.lowercased()).inserted else { throw refused("the field \(field.name) comes twice") }
                guard fields.count < maximumFields else { throw refused("more than \(maximumFields) fields") }
                fields.append(field)
            }
        }
        if !fields.isEmpty { stanzas.append(ControlStanza(fields)) }
        return stanzas
    }

    /// The paragraphs with an empty line after each, as dpkg writes its status file.
    package static func bytes(_ stanzas: [ControlStanza]) -> [UInt8] { stanzas.flatMap { $0.bytes + [0x0A] } }
}
