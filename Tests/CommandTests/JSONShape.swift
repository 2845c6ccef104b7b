import FoundationEssentials

/// Any JSON, for comparing what a command prints with what its documentation promises.
indirect enum JSONShape: Decodable {
    case object([String: JSONShape])
    case array([JSONShape])
    case scalar(String)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode([String: JSONShape].self) {
            self = .object(value)
        } else if let value = try? container.decode([JSONShape].self) {
            self = .array(value)
        } else if (try? container.decode(Bool.self)) != nil {
            self = .scalar("boolean")
        } else if (try? container.decode(Double.self)) != nil {
            self = .scalar("number")
        } else {
            _ = try container.decode(String.self)
            self = .scalar("string")
        }
    }

    /// Every path in it with its kind: `Images[].ImageId: string`. Objects with free keys (`tags`, `detail`) are not entered.
    func paths(_ prefix: String = "") -> Set<String> {
        switch self {
        case .object(let members):
            let own: Set = ["\(prefix): object"]
            let name = prefix.split(separator: ".").last
            if name == "tags" || name == "detail" { return own }
            return members.reduce(into: own) { $0.formUnion($1.value.paths(prefix.isEmpty ? $1.key : "\(prefix).\($1.key)")) }
        case .array(let elements):
            return elements.reduce(into: ["\(prefix): array"]) { $0.formUnion($1.paths(prefix + "[]")) }
        case .scalar(let kind): return ["\(prefix): \(kind)"]
        case .null: return []
        }
    }
}
