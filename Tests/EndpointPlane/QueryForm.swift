import Text

/// The parameters of a request in EC2's Query protocol. Lists are flat and counted from 1; what is nil is left out.
struct QueryForm {
    private var pairs: [(key: String, value: String)] = []
    private let prefix: String

    init() { prefix = "" }

    private init(under prefix: String) { self.prefix = prefix }

    mutating func set(_ key: String, _ value: String?) {
        if let value { pairs.append((prefix + key, value)) }
    }

    mutating func set(_ key: String, _ value: (some BinaryInteger)?) { set(key, value.map { String($0) }) }

    /// Only where it is true, which is no default of EC2's.
    mutating func set(_ key: String, ifTrue flag: Bool) { set(key, flag ? "true" : nil) }

    mutating func set(_ key: String, _ flag: Bool) { set(key, flag ? "true" : "false") }

    mutating func list(_ key: String, _ values: some Sequence<some CustomStringConvertible>) {
        for (index, value) in values.enumerated() { set("\(key).\(index + 1)", value.description) }
    }

    mutating func structures<Items: Sequence>(_ key: String, _ items: Items, _ write: (Items.Element, inout QueryForm) -> Void) {
        for (index, item) in items.enumerated() { structure("\(key).\(index + 1)") { write(item, &$0) } }
    }

    mutating func structure(_ key: String, _ write: (inout QueryForm) -> Void) {
        var inner = QueryForm(under: "\(prefix)\(key).")
        write(&inner)
        pairs += inner.pairs
    }

    /// As the body of a POST.
    var body: [UInt8] {
        Array(pairs.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&").utf8)
    }
}
