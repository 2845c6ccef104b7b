import Model

/// The members of a JSON request, or of one structure in them.
///
/// An action that is Decodable reads its members from here (`JSONInputDecoder`), where null is as good as none. What an action has not read, at any depth, is
/// refused (`checkAllRead`), as in `QueryInput`.
final class JSONInput {
    enum Content {
        case null
        case boolean(Bool)
        /// As it is written.
        case number(String)
        case string(String)
        case array([JSONInput])
        case object([String: JSONInput])
    }

    let content: Content
    private(set) var isRead = false

    /// Bytes of a body. No input of the services here comes near it.
    private static let maximumBytes = 1 << 20

    convenience init(_ body: [UInt8]) throws(APIError) {
        guard body.count <= Self.maximumBytes else {
            throw APIError("SerializationException", "The body has more than \(Self.maximumBytes) bytes", status: 413)
        }
        let document: JSONValue
        do throws(Failure) { document = try JSONReader.read(body, what: "The body") } catch {
            throw APIError("SerializationException", error.message)
        }
        guard document.object != nil else { throw APIError("SerializationException", "The body is no JSON object") }
        self.init(document)
    }

    private init(_ value: JSONValue) {
        content =
            switch value {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .number(let text): .number(text)
            case .string(let text): .string(text)
            case .array(let values): .array(values.map(JSONInput.init))
            case .object(let members): .object(members.mapValues(JSONInput.init))
            }
    }

    var isNull: Bool { if case .null = content { true } else { false } }

    /// A member of an object, which counts as read then. Nil where it is not given.
    subscript(name: String) -> JSONInput? {
        guard case .object(let members) = content, let member = members[name] else { return nil }
        member.isRead = true
        return member
    }

    /// The values of a list, which count as read then. Nil where this is no list.
    func elements() -> [JSONInput]? {
        guard case .array(let elements) = content else { return nil }
        for element in elements { element.isRead = true }
        return elements
    }

    // MARK: Reading

    /// The whole of it, as an action declares it.
    func read<Value: Decodable>(_ type: Value.Type) throws(APIError) -> Value {
        do { return try Value(from: JSONInputDecoder(self, [])) } catch { throw Self.reading(error) }
    }

    /// What is wrong with an input, without its values.
    private static func reading(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: error
        case let failure as Failure: APIError("ValidationException", failure.message)
        case DecodingError.keyNotFound(let key, let context):
            APIError(
                "ValidationException",
                """
                1 validation error detected: Value null at '\(path(context.codingPath + [key]))' failed to satisfy constraint: \
                Member must not be null
                """)
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            APIError("SerializationException", "The member \(path(context.codingPath)) has another type than it must")
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            APIError("ValidationException", "The value of \(path(context.codingPath)) is not one that it may have")
        default: APIError("SerializationException", "The members are not those of the action")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        String(keys.map(\.stringValue).joined(separator: ".").prefix(200))
    }

    // MARK: What was not read

    /// Refuses members that no one has read; null is no reason to let one pass.
    func checkAllRead() throws(APIError) {
        guard let path = unread("") else { return }
        throw APIError("ValidationException", "The member \(path.prefix(200)) is not supported here")
    }

    private func unread(_ path: String) -> String? {
        func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch content {
        case .object(let members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                if !member.isRead { return full(name) }
                if let deeper = member.unread(full(name)) { return deeper }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if !element.isRead { return full(String(index + 1)) }
                if let deeper = element.unread(full(String(index + 1))) { return deeper }
            }
        default: break
        }
        return nil
    }
}
