import Model

/// The input of an action that lists, and the part of the list that it asks for.
struct ListRequest: Decodable {
    var owner: String?
    var filters: [Filter]?
    var byName: Bool?
    var maxResults: Int?
    var nextToken: String?
    var includeDeprecated: Bool?
    var imageVersionArn: String?
    var imagePipelineArn: String?

    struct Filter: Decodable {
        let name: String?
        let values: [String]?
    }

    /// Members that only some actions have.
    enum Own: String {
        case owner, byName, includeDeprecated, imageVersionArn, imagePipelineArn
    }

    init(_ input: RestInput, taking own: Own...) throws(APIError) {
        self = try input.members(Self.self)
        for member in given where !own.contains(member) {
            throw APIError("InvalidRequestException", "The member \(member.rawValue) is not supported here")
        }
        guard 1...100 ~= maxResults ?? 25 else {
            throw APIError("InvalidRequestException", "The value supplied for parameter 'maxResults' must be between 1 and 100.")
        }
        guard [nil, "Self", "Shared", "Amazon", "ThirdParty", "AWSMarketplace"].contains(owner) else {
            throw APIError("InvalidRequestException", "The value supplied for parameter 'owner' is not valid.")
        }
    }

    private var given: [Own] {
        let members: [(Own, Bool)] = [
            (.owner, owner != nil), (.byName, byName != nil), (.includeDeprecated, includeDeprecated != nil),
            (.imageVersionArn, imageVersionArn != nil), (.imagePipelineArn, imagePipelineArn != nil),
        ]
        return members.filter(\.1).map(\.0)
    }

    /// Nothing here is anybody else's.
    var asksForOwn: Bool { owner == nil || owner == "Self" }

    /// Writes the elements that the filters let through, from where the token says.
    ///
    /// - Parameter facts: what filters know of an element, by their names.
    func write<Element>(
        _ all: [Element], as name: String, facts: (Element) -> [String: String], _ answer: inout JSONWriter,
        _ write: (Element, inout JSONWriter) -> Void
    ) throws(APIError) {
        let shown = try all.kept { element throws(APIError) in try accepts(facts(element)) }
        let start = try start(below: shown.count)
        let end = min(start + (maxResults ?? 25), shown.count)
        answer.field(name, shown[start..<end], write)
        if end < shown.count { answer.field("nextToken", String(end)) }
    }

    private func start(below count: Int) throws(APIError) -> Int {
        guard let nextToken else { return 0 }
        guard nextToken.utf8.count <= 9, let start = Int(nextToken), 1...max(1, count) ~= start else {
            throw APIError("InvalidPaginationTokenException", "The pagination token is not valid.")
        }
        return min(start, count)
    }

    private func accepts(_ facts: [String: String]) throws(APIError) -> Bool {
        for filter in filters ?? [] {
            guard let value = filter.name.flatMap({ facts[$0] }) else {
                throw APIError("InvalidRequestException", "The filter '\((filter.name ?? "").prefix(100))' is not valid.")
            }
            if !(filter.values ?? []).contains(value) { return false }
        }
        return true
    }
}

extension Array {
    /// The first of each name, if that is wanted.
    func first(ofEach name: (Element) -> String, if isWanted: Bool?) -> [Element] {
        guard isWanted ?? false else { return self }
        var seen: Set<String> = []
        return filter { seen.insert(name($0)).inserted }
    }
}
