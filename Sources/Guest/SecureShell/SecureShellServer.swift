import ImageStore
import Model

/// What sshd does in the end: its configuration with defaults, as `sshd -T` tells it.
///
/// The first line of an option wins, except for those that gather values. Lines in Match blocks that hold of a connection come before
/// all others; `Match all` always holds.
package struct SecureShellServer: Sendable {
    package let configuration: SecureShellConfiguration

    package init(_ configuration: SecureShellConfiguration) { self.configuration = configuration }

    package init(_ guest: any TreeView) throws(Failure) { self.init(try SecureShellConfiguration(guest)) }

    /// The values of an option in `sshd -T`'s form. Empty where nothing sets it and it has no default.
    ///
    /// - Parameter connection: with nil, what holds of connections that no Match line but `all` fits.
    package func values(of option: String, for connection: SecureShellMatch.Connection? = nil) -> [String] {
        let name = Self.name(option)
        let lines = deciding(name, connection ?? SecureShellMatch.Connection())
        let values = read(name, lines)
        return name == "listenaddress" ? addresses(values, connection) : values
    }

    /// The value as one text.
    package func value(of option: String, for connection: SecureShellMatch.Connection? = nil) -> String {
        values(of: option, for: connection).joined(separator: " ")
    }

    /// The lines that give an option its value; none where it has its default.
    package func origin(of option: String, for connection: SecureShellMatch.Connection? = nil) -> [LinePlace] {
        deciding(Self.name(option), connection ?? SecureShellMatch.Connection()).map(\.place)
    }

    /// All options with their values, by name in lower case; also those that this version does not know.
    package func all(for connection: SecureShellMatch.Connection? = nil) -> [String: [String]] {
        let names = Set(SecureShellKeyword.all.keys).union(configuration.all.map { Self.name($0.key) })
        return Dictionary(uniqueKeysWithValues: names.map { ($0, values(of: $0, for: connection)) })
    }

    /// The lines of Match blocks that set something only for some connections.
    package var conditional: [SecureShellConfiguration.Line] {
        configuration.all.filter { !$0.conditions.allSatisfy(\.isAlways) }
    }

    static func name(_ option: String) -> String {
        let lower = option.lowercased()
        return SecureShellKeyword.synonyms[lower] ?? lower
    }

    private func deciding(_ name: String, _ connection: SecureShellMatch.Connection) -> [SecureShellConfiguration.Line] {
        let lines = configuration.all.filter { Self.name($0.key) == name }
        let matched = lines.filter { $0.isConditional && $0.conditions.allSatisfy { $0.holds(of: connection) } }
        let isMatched = !matched.isEmpty && SecureShellKeyword.matchable.contains(name)
        let counting = isMatched ? matched : lines.filter { $0.conditions.allSatisfy(\.isAlways) }
        switch SecureShellKeyword.all[name]?.form {
        case .list, .lines: return counting
        default: return SecureShellKeyword.lastWins.contains(name) ? counting.suffix(1) : Array(counting.prefix(1))
        }
    }

    private func read(_ name: String, _ lines: [SecureShellConfiguration.Line]) -> [String] {
        guard let keyword = SecureShellKeyword.all[name] else { return lines.first?.arguments ?? [] }
        guard let first = lines.first else { return keyword.defaults }
        let text = first.arguments[0]
        switch keyword.form {
        case .flag: return [["yes", "no"].contains(text.lowercased()) ? text.lowercased() : text]
        case .choice(let words): return [words[text.lowercased()] ?? text]
        case .time: return [SecureShellForms.seconds(text)]
        case .number: return [UInt32(text).map(String.init) ?? text]
        case .text: return [text]
        case .upperCase: return [text.uppercased() == "DEBUG1" ? "DEBUG" : text.uppercased()]
        case .rest: return [first.rest]
        case .words: return first.arguments
        case .list: return lines.flatMap(\.arguments)
        case .lines: return lines.map(\.value)
        case .algorithms(let algorithms): return [algorithms.list(text)?.joined(separator: ",") ?? text]
        case .special(let form): return form(first.arguments)
        }
    }

    /// Addresses with ports: each address without a port is listened to at all of them.
    private func addresses(_ given: [String], _ connection: SecureShellMatch.Connection?) -> [String] {
        let ports = values(of: "port", for: connection)
        let family = value(of: "addressfamily", for: connection)
        let any = ["[::]", "0.0.0.0"].filter { family == "any" || (family == "inet") == ($0 == "0.0.0.0") }
        if given.isEmpty { return any.flatMap { address in ports.map { "\(address):\($0)" } } }
        return given.flatMap { text in
            let word = String(text.split(separator: " ").first ?? "")
            if word.first == "[" {
                return word.contains("]:") ? [word] : ports.map { "\(word):\($0)" }
            }
            let colons = word.count { $0 == ":" }
            if colons == 1 { return [word] }
            return ports.map { colons > 1 ? "[\(word)]:\($0)" : "\(word):\($0)" }
        }
    }
}
