import HTTPServer
import Text

/// What a request of a REST protocol says: by its path, its query, its fields and its body.
///
/// What an action does not read of query, `X-Amz-` fields and body is refused when it is done reading (`checkAllRead`), as in `QueryInput`.
final class RestInput {
    /// Of the path, decoded.
    let parts: [String]
    private let query: [String: [String]]
    private let request: Request
    private var readParameters: Set<String> = []
    private var readFields: Set<String> = []
    /// The body, once it was read: by its members, or as bytes.
    private var readBody: ReadBody?

    private enum ReadBody {
        case bytes
        case members(JSONInput)
    }

    /// - Parameter lists: the parameters that may come more than once.
    init(_ request: Request, lists: Set<String> = []) throws(APIError) {
        self.request = request
        parts = try request.path.split(separator: "/").map { part throws(APIError) in try Self.decoded(part) }
        var query: [String: [String]] = [:]
        for pair in request.query.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(sides[0])
            guard query[name] == nil || lists.contains(name) else {
                throw APIError("ValidationException", "The parameter \(name.prefix(100)) is given twice")
            }
            query[name, default: []].append(try Self.decoded(sides.count > 1 ? sides[1] : ""))
        }
        self.query = query
    }

    private static func decoded(_ text: Substring) throws(APIError) -> String {
        let bytes = PercentEncoding.decode(Array(text.utf8)[...], plusIsBlank: false)
        guard let decoded = bytes.flatMap({ String(validating: $0, as: UTF8.self) }) else {
            throw APIError("ValidationException", "The path or the query is no valid percent-encoding of UTF-8")
        }
        return decoded
    }

    /// Whether the path has these parts; nil stands for one that varies.
    func matches(_ path: [String?]) -> Bool {
        path.count == parts.count && zip(path, parts).allSatisfy { $0 == nil || $0 == $1 }
    }

    /// Nil where it is not given, or empty.
    func parameter(_ name: String) -> String? {
        readParameters.insert(name)
        return query[name]?.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values of one that may come more than once.
    func parameters(_ name: String) -> [String] {
        readParameters.insert(name)
        return query[name] ?? []
    }

    /// `name` is in lower case.
    func field(_ name: String) -> String? {
        readFields.insert(name)
        return request[field: name]
    }

    /// The body as it is.
    func bytes() -> [UInt8] {
        readBody = .bytes
        return request.body
    }

    /// The members of the body. No body is an object without members.
    func members<Value: Decodable>(_ type: Value.Type) throws(APIError) -> Value {
        let input = try JSONInput(request.body.isEmpty ? Self.noMembers : request.body)
        readBody = .members(input)
        return try input.read(type)
    }

    private static let noMembers = Array("{}".utf8)

    // MARK: What was not read

    /// Refuses what has a value and was not read.
    func checkAllRead() throws(APIError) {
        for (name, values) in query where values != [""] && !readParameters.contains(name) && !name.hasPrefix("X-Amz-") {
            throw APIError("ValidationException", "The parameter \(name.prefix(100)) is not supported here")
        }
        for field in request.fields where !readFields.contains(field.name) && Self.carriesMember(field.name) {
            throw APIError("ValidationException", "The field \(field.name.prefix(100)) is not supported here")
        }
        switch readBody {
        case .bytes: break
        case .members(let input): try input.checkAllRead()
        case nil: try JSONInput(request.body.isEmpty ? Self.noMembers : request.body).checkAllRead()
        }
    }

    /// Of the fields of AWS, those of signatures and of the client itself say nothing to an action.
    private static func carriesMember(_ name: String) -> Bool {
        name.hasPrefix("x-amz-") && !ofEveryRequest.contains(name)
    }

    private static let ofEveryRequest: Set = [
        "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent", "x-amz-api-version",
    ]
}
