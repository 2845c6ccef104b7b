/// A JSON document (RFC 8259) as it stands, for documents whose shape is somebody else's.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As it is written: a number need not fit any type of this program.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Names are unique.
    case object([String: JSONValue])

    package subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
}

extension JSONValue: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for (name, value) in members { try container.encode(value, forKey: Key(name)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .boolean(let value): try container.encode(value)
            case .string(let value): try container.encode(value)
            case .number(let text):
                if let value = Int64(text) { try container.encode(value) } else { try container.encode(Double(text)) }
            default: try container.encodeNil()
            }
        }
    }
}
