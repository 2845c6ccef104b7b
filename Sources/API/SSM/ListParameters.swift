import Cloud
import Model

/// The parameters right below a path, or all below it.
struct GetParametersByPath: JSONAction {
    let path: String
    let isRecursive: Bool?
    let filters: [ParameterFilter]?
    let decrypts: Bool?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case path = "Path"
        case isRecursive = "Recursive"
        case filters = "ParameterFilters"
        case decrypts = "WithDecryption"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try ParameterPath.check(path)
        try ParameterFilterRules.byPath.check(filters ?? [])
        let isWithin = { (name: String) in ParameterPath.isBelow(name, path, isRecursive: isRecursive ?? false) }
        if PublicParameter.isReserved(path) {
            let found = try PublicParameter.all(call).filter { isWithin($0.name) }
            let page = try SSMPage(found, limit: limit, token: token, most: 10)
            answer.field("Parameters", page.elements) { parameter, json in json.parameter(parameter, call) }
            answer.field("NextToken", ifPresent: page.next)
            return
        }
        let store = try call.parameters
        let all = try askingSSM { () throws(Failure) in try store.parameters(below: nil) }
        let below = try (filters ?? []).accepted(all.filter { isWithin($0.name.path) }, in: store)
        let page = try SSMPage(below, limit: limit, token: token, most: 10)
        var values: [String] = []
        for record in page.elements { values.append(try store.shown(record, decrypted: decrypts ?? false)) }
        answer.field("Parameters", zip(page.elements, values)) { pair, json in json.parameter(pair.0, value: pair.1) }
        answer.field("NextToken", ifPresent: page.next)
    }
}

/// Parameters without their values.
struct DescribeParameters: JSONAction {
    let filters: [ParameterFilter]?
    let oldFilters: [OldFilter]?
    let limit: Int?
    let token: String?
    /// Those that other accounts share: there are none.
    let areShared: Bool?

    private enum CodingKeys: String, CodingKey {
        case filters = "ParameterFilters"
        case oldFilters = "Filters"
        case limit = "MaxResults"
        case token = "NextToken"
        case areShared = "Shared"
    }

    /// The filters of an earlier API.
    struct OldFilter: Decodable {
        let key: String
        let values: [String]

        private enum CodingKeys: String, CodingKey {
            case key = "Key"
            case values = "Values"
        }
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let store = try call.parameters
        let all = try askingSSM { () throws(Failure) in try store.parameters(below: nil) }
        guard filters == nil || oldFilters == nil else {
            throw APIError(.validationException, "You can use either Filters or ParameterFilters in a single request.")
        }
        let filters =
            filters
            ?? (oldFilters ?? []).map {
                ParameterFilter(key: $0.key, option: $0.key == "Name" ? "BeginsWith" : nil, values: $0.values)
            }
        try ParameterFilterRules.describing.check(filters)
        let shown = areShared ?? false ? [] : try filters.accepted(all, in: store)
        let page = try SSMPage(shown, limit: limit, token: token, usual: 10, most: 50)
        answer.field("Parameters", page.elements) { record, json in json.metadata(record) }
        answer.field("NextToken", ifPresent: page.next)
    }
}

/// All versions that are kept, the oldest first.
struct GetParameterHistory: JSONAction {
    let name: String
    let decrypts: Bool?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case decrypts = "WithDecryption"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let selection = try ParameterSelection(name, call)
        let store = try call.parameters
        let versions = try askingSSM(name) { () throws(Failure) in try store.history(of: selection.reference.name) }
        let page = try SSMPage(versions, limit: limit, token: token, most: 50)
        var values: [String] = []
        for record in page.elements { values.append(try store.shown(record, decrypted: decrypts ?? false)) }
        answer.field("Parameters", zip(page.elements, values)) { pair, json in
            json.metadata(pair.0)
            json.field("Value", pair.1)
            json.field("Labels", pair.0.labels.map(\.description))
        }
        answer.field("NextToken", ifPresent: page.next)
    }
}
