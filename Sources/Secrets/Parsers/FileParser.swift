/// Reads one kind of file, and finds the fields that its format has for credentials. A new kind is one file and one line in `FileParsers`.
protocol FileParser: Sendable {
    /// The name of the kind, part of cache keys: what it finds depends on it.
    var kind: String { get }
    var rules: [SecretRule] { get }
    /// What such files are called.
    var names: NameTest { get }
    /// Whether what is found depends on more of the name than that it is one of `names`.
    var looksAtName: Bool { get }
    /// Whether a file that begins like this is one, whatever its name.
    func recognizes(_ head: ArraySlice<UInt8>) -> Bool
    func find(in content: Content, _ found: inout [Candidate])
    /// The same for a parser that may give up: then it says why.
    func search(_ content: Content, _ found: inout [Candidate]) -> String?
    /// A file of this kind with a credential that must be found, by the first of `rules`.
    func canary(_ values: inout CanaryValues) -> CanaryFile
}

extension FileParser {
    var looksAtName: Bool { false }
    func recognizes(_ head: ArraySlice<UInt8>) -> Bool { false }

    func search(_ content: Content, _ found: inout [Candidate]) -> String? {
        find(in: content, &found)
        return nil
    }
}

/// A file that a canary is made of.
struct CanaryFile {
    let path: String
    let bytes: [UInt8]

    init(_ path: String, _ text: String) { self.init(path, bytes: Array(text.utf8)) }

    init(_ path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Made-up values for canaries.
struct CanaryValues {
    private var random: CanaryRandom

    init(_ random: CanaryRandom) { self.random = random }

    mutating func digits(_ alphabet: StaticString, _ count: Int) -> String {
        let letters = Array(alphabet.description.utf8)
        return String(
            decoding: (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }, as: UTF8.self)
    }

    /// Letters of both cases, digits and a sign, as somebody would choose it.
    mutating func password(_ count: Int = 12) -> String {
        digits("abcdefghijkmnpqrstuvwxyz", 3) + digits("23456789", 2) + digits("ABCDEFGHJKLMNPQRSTUVWXYZ", 2)
            + digits("abcdefghjkmnpqrstuvwxyz23456789ABCDEFGH", max(1, count - 7))
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
}

/// All parsers.
enum FileParsers {
    static let all: [any FileParser] =
        SettingsFiles.all + LineForms.all + [
            ColonFiles(), Netrc(), PostgresPasswords(), TunnelSecrets(), MapFiles(), WholeFiles(), BinaryKeys(), DockerConfig(),
            KubernetesSecrets(), WordPress(), DebconfPasswords(), CloudConfig(), InstallerAnswers(), TerraformState(),
            SubversionAuth(),
            SNMPFiles(), NameServerKeys(), RedisUsers(), FileZilla(), TwoLineFiles(), SQLiteColumns(),
        ]

    private static let table = NameTable(all.map(\.names))
    /// The positions in `all` of those that look at names.
    private static let lookingAtName = NameTable.Matches(all.indices.filter { all[$0].looksAtName })

    /// Those that read a file, in the order of the list.
    static func reading(_ name: FileName, _ head: ArraySlice<UInt8>) -> [any FileParser] {
        let matches = table.matches(name)
        return all.indices.filter { matches.contains($0) || all[$0].recognizes(head) }.map { all[$0] }
    }

    /// What of a name decides about what is found in a file: two names of the same traits give the same findings for the same bytes.
    static func traits(of name: FileName) -> NameTraits {
        let outer = table.matches(name)
        let inner = name.isCompressed ? FileName(name.withoutCompression) : name
        let within = name.isCompressed ? table.matches(inner) : outer
        let isLookedAt = !outer.union(within).isDisjoint(with: lookingAtName)
        let syntax = Syntax(name)
        return NameTraits(
            parsers: outer, syntax: syntax, innerParsers: within, innerSyntax: name.isCompressed ? Syntax(inner) : syntax,
            path: isLookedAt ? name.path : nil)
    }
}

/// See `FileParsers.traits`.
struct NameTraits: Hashable, Sendable {
    let parsers: NameTable.Matches
    let syntax: Syntax
    /// The same for what comes out of a compressed file.
    let innerParsers: NameTable.Matches
    let innerSyntax: Syntax
    /// The whole path where a parser looks at it.
    let path: String?

    /// Unlike those of all other traits.
    var bytes: [UInt8] {
        parsers.bytes + innerParsers.bytes + Array("\(syntax.rawValue) \(innerSyntax.rawValue) \(path ?? "")".utf8)
    }
}
