/// Reads one kind of file, and finds the fields that its format has for credentials. A new kind is one file and one line in `FileParsers`.
protocol FileParser: Sendable {
    /// The name of the kind, part of cache keys: what it finds depends on it.
    var kind: String { get }
    var rules: [SecretRule] { get }
    /// Whether a file of this name is one.
    func reads(_ name: FileName) -> Bool
    /// Whether a file that begins like this is one, whatever its name.
    func recognizes(_ head: ArraySlice<UInt8>) -> Bool
    func find(in content: Content, _ found: inout [Candidate])
    /// A file of this kind with a credential that must be found, by the first of `rules`.
    func canary(_ values: inout CanaryValues) -> CanaryFile
}

extension FileParser {
    func recognizes(_ head: ArraySlice<UInt8>) -> Bool { false }
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
        SettingsFiles.all + [
            ColonFiles(), Netrc(), PostgresPasswords(), TunnelSecrets(), MapFiles(), WholeFiles(), BinaryKeys(), DockerConfig(),
            KubernetesSecrets(), WordPress(), DebconfPasswords(), CloudConfig(), InstallerAnswers(), TerraformState(),
            SubversionAuth(),
            SNMPFiles(), NameServerKeys(), RedisUsers(), FileZilla(),
        ]

    /// Those that read a file, in the order of the list.
    static func reading(_ name: FileName, _ head: ArraySlice<UInt8>) -> [any FileParser] {
        all.filter { $0.reads(name) || $0.recognizes(head) }
    }

    /// What of a name decides about what is found in a file: two names of the same traits give the same findings for the same bytes.
    static func traits(of name: FileName) -> String {
        let inner = FileName(name.withoutCompression)
        let kinds = [name, inner].map { name in
            all.filter { $0.reads(name) }.map(\.kind).joined(separator: " ") + "/" + Syntax(name).rawValue
        }
        return kinds.joined(separator: "|")
    }
}
