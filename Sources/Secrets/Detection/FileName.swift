/// The name of a file or member, as parsers and detectors look at it: ASCII letters in lower case, whatever the bytes are.
struct FileName: Hashable, Sendable {
    /// With a leading slash.
    let bytes: [UInt8]
    /// `bytes` as text.
    let path: String
    /// Behind the last slash.
    let last: String
    /// Behind the last dot of `last`; empty where there is none.
    let ending: String

    init(_ path: String) { self.init(bytes: Array(path.utf8)) }

    init(bytes original: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(original.count + 1)
        if original.first != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
        for byte in original { bytes.append(ValueTest.lowered(byte)) }
        while bytes.count > 1 && bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        let start = (bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
        let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")) ?? start
        self.bytes = bytes
        path = String(decoding: bytes, as: UTF8.self)
        last = String(decoding: bytes[start...], as: UTF8.self)
        ending = dot > start ? String(decoding: bytes[(dot + 1)...], as: UTF8.self) : ""
    }

    private static let compressions: Set<String> = ["gz", "xz", "zst", "bz2", "lz4", "lzma", "lz", "z", "tgz", "txz"]

    /// Whether the name says that other contents are inside.
    var isCompressed: Bool { Self.compressions.contains(ending) }

    /// The path without the ending of a compression.
    var withoutCompression: String { isCompressed ? String(path.dropLast(ending.utf8.count + 1)) : path }

    private static let copies = [
        ".bak", ".old", ".orig", ".save", ".backup", ".dpkg-old", ".dpkg-dist", ".rpmsave", ".rpmnew", ".ucf-old", "~", "-",
    ]

    /// The name without endings that say "a copy": `shadow-`, `shadow.bak`, `my.cnf.old`, `.netrc~`, `shadow.dpkg-old`.
    var original: String {
        for ending in Self.copies where last.hasSuffix(ending) && last != ending { return String(last.dropLast(ending.count)) }
        return last
    }
}

/// How values are written in a file.
enum Syntax: String, Sendable {
    /// A program: what is not in quotes is an expression.
    case program
    /// A shell script, environment file or history: words are values.
    case shell
    /// Settings: what follows a name is its value.
    case settings
    /// Text for people.
    case prose
    case unknown

    var isProse: Bool { self == .prose || self == .unknown }

    init(_ name: FileName) {
        let places = Self.places.patternMatches(name)
        if places.contains(Self.translations) {
            self = .prose
        } else if let known = Self.byEnding[name.ending], known != .prose {
            self = name.last.hasPrefix(".env") && known == .shell ? .settings : known
        } else if name.last.hasPrefix(".env") {
            self = .settings
        } else if name.last.hasSuffix("_history") {
            self = .shell
        } else if Self.byEnding[name.ending] == .prose || places.contains(Self.manuals) {
            self = .prose
        } else {
            self = .unknown
        }
    }

    /// Where translations and manuals lie, by their positions.
    private static let places = NameTable([
        NameTest(paths: ["/i18n/", "/l10n/", "/locale/", "/locales/", "/translations/", "/lang/", "/langs/"]),
        NameTest(paths: ["/doc/", "/man/"]),
    ])
    private static let (translations, manuals) = (0, 1)

    /// The first list that has an ending counts.
    private static let byEnding: [String: Syntax] = {
        var table: [String: Syntax] = [:]
        let lists: [(Set<String>, Syntax)] = [
            (programs, .program), (settingsEndings, .settings), (shells, .shell), (proses, .prose),
        ]
        for (endings, syntax) in lists {
            for ending in endings where table[ending] == nil { table[ending] = syntax }
        }
        return table
    }()

    private static let programs: Set<String> = [
        "py", "pyc", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "java", "kt", "scala", "go", "rs", "c", "h", "cc", "cpp",
        "hpp", "cs",
        "php", "rb", "erb", "pl", "pm", "swift", "m", "lua", "r", "groovy", "vue", "dart", "ex", "exs", "erl", "hs", "clj", "vb",
        "pas",
        "sql", "html", "htm", "jsp", "css", "scss", "less", "map", "coffee", "vala", "tcl", "el", "ipynb", "templ", "svelte",
        "phtml", "tf", "hcl",
    ]
    private static let settingsEndings: Set<String> = [
        "conf", "cfg", "cnf", "ini", "env", "properties", "props", "yaml", "yml", "json", "toml", "xml", "config", "tfvars",
        "tfstate",
        "plist", "desktop", "service", "netrc", "credentials", "list", "nmconnection", "reg", "settings", "cf",
        "json5",
    ]
    private static let shells: Set<String> = [
        "sh", "bash", "zsh", "ksh", "fish", "profile", "bashrc", "history", "bat", "cmd", "ps1", "psm1",
    ]
    private static let proses: Set<String> = [
        "md", "rst", "txt", "adoc", "tex", "html", "htm", "1", "3", "5", "7", "8", "po", "pot", "log",
    ]
}
