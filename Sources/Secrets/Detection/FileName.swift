/// The name of a file or member, as parsers and detectors look at it: in lower case, whatever the bytes are.
struct FileName: Hashable, Sendable {
    /// With a leading slash.
    let path: String
    /// Behind the last slash.
    let last: String
    /// Behind the last dot of `last`; empty where there is none.
    let ending: String

    init(_ path: String) {
        let lower = path.lowercased()
        self.path = lower.hasPrefix("/") ? lower : "/" + lower
        last = self.path.split(separator: "/").last.map(String.init) ?? ""
        if let dot = last.lastIndex(of: "."), dot != last.startIndex {
            ending = String(last[last.index(after: dot)...])
        } else {
            ending = ""
        }
    }

    init(bytes: [UInt8]) { self.init(String(decoding: bytes, as: UTF8.self)) }

    /// The path without the ending of a compression.
    var withoutCompression: String {
        let endings = [".gz", ".xz", ".zst", ".bz2", ".lz4", ".lzma", ".lz", ".z", ".tgz", ".txz"]
        for ending in endings where path.hasSuffix(ending) { return String(path.dropLast(ending.count)) }
        return path
    }

    /// The name without endings that say "a copy": `shadow-`, `shadow.bak`, `my.cnf.old`, `.netrc~`, `shadow.dpkg-old`.
    var original: String {
        var name = last[...]
        let copies = [
            ".bak", ".old", ".orig", ".save", ".backup", ".dpkg-old", ".dpkg-dist", ".rpmsave", ".rpmnew", ".ucf-old", "~", "-",
        ]
        for ending in copies where name.hasSuffix(ending) && name.count > ending.count {
            name = name.dropLast(ending.count)
            break
        }
        return String(name)
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

    init(_ name: FileName) {
        if Self.programs.contains(name.ending) {
            self = .program
        } else if Self.settingsEndings.contains(name.ending) || name.last.hasPrefix(".env") {
            self = .settings
        } else if Self.shells.contains(name.ending) || name.last.hasSuffix("_history") {
            self = .shell
        } else if Self.proses.contains(name.ending) || name.path.contains("/doc/") || name.path.contains("/man/") {
            self = .prose
        } else {
            self = .unknown
        }
    }

    private static let programs: Set<String> = [
        "py", "pyc", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "java", "kt", "scala", "go", "rs", "c", "h", "cc", "cpp",
        "hpp", "cs",
        "php", "rb", "erb", "pl", "pm", "swift", "m", "lua", "r", "groovy", "vue", "dart", "ex", "exs", "erl", "hs", "clj", "vb",
        "pas",
        "sql", "html", "htm", "jsp", "css", "scss", "less", "map", "coffee", "vala", "tcl", "el", "ipynb", "templ", "svelte",
        "phtml",
    ]
    private static let settingsEndings: Set<String> = [
        "conf", "cfg", "cnf", "ini", "env", "properties", "props", "yaml", "yml", "json", "toml", "xml", "config", "tfvars",
        "tfstate",
        "plist", "desktop", "service", "netrc", "credentials", "list", "hcl", "tf", "nmconnection", "reg", "settings", "cf",
        "json5",
    ]
    private static let shells: Set<String> = [
        "sh", "bash", "zsh", "ksh", "fish", "profile", "bashrc", "history", "bat", "cmd", "ps1", "psm1",
    ]
    private static let proses: Set<String> = [
        "md", "rst", "txt", "adoc", "tex", "html", "htm", "1", "3", "5", "7", "8", "po", "pot", "log",
    ]
}
