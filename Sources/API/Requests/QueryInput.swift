import HTTPServer
import Text

/// The parameters of a Query request, or of one structure in them.
///
/// Names have parts, divided by dots; a number is a place in a list: `Filter.1.Value.2`. An empty value is none. What an action does not read is
/// refused when it is done reading (`checkAllRead`), so that nothing that a client asks for is silently left out.
final class QueryInput {
    private let tree: ParameterTree
    /// For messages.
    private let name: String

    /// Parameters of a request.
    static let most = 5000
    private static let mostParts = 12

    private init(_ tree: ParameterTree, _ name: String) {
        self.tree = tree
        self.name = name
    }

    /// Of the body of a POST, else of the query.
    convenience init(_ request: Request) throws(APIError) {
        try self.init(request.method == "POST" ? request.body : Array(request.query.utf8))
    }

    init(_ form: [UInt8]) throws(APIError) {
        tree = ParameterTree()
        name = ""
        var count = 0
        for pair in form.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= Self.most else {
                throw APIError("InvalidParameterCombination", "there are more than \(Self.most) parameters")
            }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : []) else {
                throw APIError("InvalidQueryParameter", "the parameters are no valid percent-encoding of UTF-8")
            }
            // A signature in the query is no parameter of an action.
            if key.hasPrefix("X-Amz-") { continue }
            try add(key, value)
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        PercentEncoding.decode(bytes, plusIsBlank: true).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private func add(_ key: String, _ value: String) throws(APIError) {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= Self.mostParts, parts.allSatisfy({ !$0.isEmpty }) else { throw Self.unknown(key) }
        guard tree.add(parts, value) else {
            throw APIError("InvalidParameterCombination", "The parameter \(key.prefix(200)) is given twice")
        }
    }

    /// Parameters by their full names.
    convenience init(parameters: [String: String]) throws(APIError) {
        try self.init([])
        for (key, value) in parameters { try add(key, value) }
    }

    /// All parameters by their full names, read or not.
    var parameters: [String: String] { tree.all(named: "") }

    /// All parameters but some, by their full names, for somebody who reads them and knows himself what he has not read.
    func takeAll(but names: Set<String>) -> [String: String] {
        var result: [String: String] = [:]
        for (name, child) in tree.children where !names.contains(name) {
            result.merge(child.all(named: name)) { first, _ in first }
            child.markAllRead()
        }
        return result
    }

    private func full(_ key: String) -> String { ParameterTree.name(key, in: name) }

    // MARK: Values

    /// Nil where it is not given, or empty.
    func string(_ key: String) -> String? {
        let text = text(key)
        return text == "" ? nil : text
    }

    /// Nil where it is not given; an empty text counts.
    func text(_ key: String) -> String? { tree.read(key) }

    func required(_ key: String) throws(APIError) -> String {
        guard let value = string(key) else { throw .missing(full(key)) }
        return value
    }

    func bool(_ key: String) throws(APIError) -> Bool? {
        guard let value = string(key) else { return nil }
        switch value {
        case "true", "True", "1": return true
        case "false", "False", "0": return false
        default: throw .invalid(value, of: full(key))
        }
    }

    func int(_ key: String) throws(APIError) -> Int? {
        guard let value = string(key) else { return nil }
        guard value.utf8.count <= 12, let number = Int(value) else { throw .invalid(value, of: full(key)) }
        return number
    }

    // MARK: Lists and structures

    /// The values of a flat list, in the order of their numbers.
    func strings(_ key: String) throws(APIError) -> [String] {
        try texts(key).filter { !$0.isEmpty }
    }

    /// As `strings`, with the empty ones.
    func texts(_ key: String) throws(APIError) -> [String] {
        try members(key).map { number, child throws(APIError) in
            guard let value = child.read() else { throw Self.unknown("\(full(key)).\(number)") }
            return value
        }
    }

    /// The structures of a flat list, in the order of their numbers.
    func structures(_ key: String) throws(APIError) -> [QueryInput] {
        try members(key).map { QueryInput($0.tree, "\(full(key)).\($0.number)") }
    }

    /// A structure; nil where nothing of it is given.
    func structure(_ key: String) -> QueryInput? { tree.children[key].map { QueryInput($0, full(key)) } }

    private func members(_ key: String) throws(APIError) -> [(number: Int, tree: ParameterTree)] {
        guard let child = tree.children[key] else { return [] }
        var result: [(number: Int, tree: ParameterTree)] = []
        for (part, member) in child.children {
            guard part.utf8.count <= 6, part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                let number = Int(part)
            else { throw Self.unknown("\(full(key)).\(part)") }
            result.append((number, member))
        }
        return result.sorted { $0.number < $1.number }
    }

    // MARK: What was not read

    /// Refuses parameters that have a value and that no one has read.
    func checkAllRead() throws(APIError) {
        if let key = tree.unread(named: name) { throw Self.unknown(key) }
    }

    static func unknown(_ key: String) -> APIError {
        APIError("UnknownParameter", "The parameter \(key.prefix(200)) is not recognized")
    }
}
