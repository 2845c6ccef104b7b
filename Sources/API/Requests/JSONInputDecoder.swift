import FoundationEssentials
import Text

/// Reads Decodable values from a `JSONInput`, and so marks what they read. Bytes are base64, numbers fit their types exactly.
struct JSONInputDecoder: Decoder {
    private let input: JSONInput
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ input: JSONInput, _ path: [any CodingKey]) {
        self.input = input
        codingPath = path
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = input.content else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(Members(input: input, names: Array(members.keys), codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = input.elements() else { throw mismatch([Any].self) }
        return Elements(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    private func context(_ text: String) -> DecodingError.Context { .init(codingPath: codingPath, debugDescription: text) }

    private func mismatch(_ type: any Any.Type) -> DecodingError {
        input.isNull ? .valueNotFound(type, context("null")) : .typeMismatch(type, context("another type"))
    }
}

// MARK: - Values

extension JSONInputDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { input.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .boolean(let value) = input.content else { throw mismatch(type) }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let text) = input.content else { throw mismatch(type) }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard case .number(let text) = input.content else { throw mismatch(type) }
        guard let value = Double(text), value.isFinite else { throw DecodingError.dataCorrupted(context("too large")) }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    /// Also one that is written `5.0` or `5e0`.
    private func integer<Value: FixedWidthInteger>() throws -> Value {
        guard case .number(let text) = input.content else { throw mismatch(Value.self) }
        if let value = Value(text) { return value }
        guard let value = Value(exactly: try decode(Double.self)) else { throw mismatch(Value.self) }
        return value
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard type == Data.self else { return try Value(from: self) }
        guard let bytes = Base64.decodeStrictly(try decode(String.self)), let data = Data(bytes) as? Value else {
            throw DecodingError.dataCorrupted(context("no base64"))
        }
        return data
    }
}

// MARK: - Members of an object

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let input: JSONInput
    let names: [String]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { names.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { names.contains(key.stringValue) }

    private func member(_ key: Key) throws -> JSONInputDecoder {
        // A null is as good as none, so it misses where it must not.
        guard let member = input[key.stringValue], !member.isNull else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "none"))
        }
        return JSONInputDecoder(member, codingPath + [key])
    }

    func decodeNil(forKey key: Key) -> Bool { input[key.stringValue]?.isNull ?? true }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try member(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try member(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { JSONInputDecoder(input, codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

// MARK: - Elements of a list

private struct Elements: UnkeyedDecodingContainer {
    let elements: [JSONInput]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    /// The place of an element, counted from 1 as in the Query protocol.
    private struct Place: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ index: Int) { stringValue = String(index + 1) }
        init?(stringValue: String) { nil }
        init?(intValue: Int) { nil }
    }

    private mutating func next() throws -> JSONInputDecoder {
        let path = codingPath + [Place(currentIndex)]
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(Any.self, .init(codingPath: path, debugDescription: "the list is over"))
        }
        defer { currentIndex += 1 }
        return JSONInputDecoder(elements[currentIndex], path)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
}
