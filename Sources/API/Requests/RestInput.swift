import HTTPServer
import SigV4

/// What a request of a REST protocol says: by its path, its query, its fields and its body.
struct RestInput {
    /// Of the path, decoded.
    let parts: [String]
    private let query: [String: String]
    private let request: Request

    init(_ request: Request) throws(APIError) {
        self.request = request
        parts = try request.path.split(separator: "/").map { part throws(APIError) in try Self.decoded(part) }
        var query: [String: String] = [:]
        for pair in request.query.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(sides[0])
            guard query.updateValue(try Self.decoded(sides.count > 1 ? sides[1] : ""), forKey: name) == nil else {
                throw APIError("ValidationException", "The parameter \(name.prefix(100)) is given twice")
            }
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

    var body: [UInt8] { request.body }

    func parameter(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Refuses parameters that the action does not know.
    func checkKnown(_ names: String...) throws(APIError) {
        for name in query.keys where !names.contains(name) && !name.hasPrefix("X-Amz-") {
            throw APIError("ValidationException", "The parameter \(name.prefix(100)) is not recognized")
        }
    }

    /// `name` is in lower case.
    func field(_ name: String) -> String? { request[field: name] }
}
