import Hyperscan

/// Finds passwords on command lines: `mysql -pX`, `curl -u user:X`, `sshpass -p X`, `--password X`. In histories, scripts, units, crontabs.
struct CommandDetector: Detector {
    static let rule = SecretRule("command-password", "Password on a command line", .password, .high)

    let rules = [rule]
    let readsTextOnly = true

    private static let windowsOption = Array("/user:".utf8)

    /// How a program takes a password.
    private enum Option: Sendable {
        /// `-pX`
        case attached(String)
        /// `-p X`, `-pX`, `-p=X`
        case next(String)
        /// `-u user:X`, `-U user%X`
        case after(String, separator: UInt8)
        /// The word behind the word: `chpasswd`'s input, `net user NAME X`.
        case word(Int)
    }

    private static let programs: [String: [Option]] = [
        "mysql": [.attached("-p")], "mysqldump": [.attached("-p")], "mysqladmin": [.attached("-p")], "mariadb": [.attached("-p")],
        "mysqlimport": [.attached("-p")], "mysqlsh": [.attached("-p")],
        "sshpass": [.next("-p")],
        "curl": [.after("-u", separator: 0x3A), .after("--user", separator: 0x3A), .after("-U", separator: 0x3A)],
        "smbclient": [.after("-U", separator: 0x25)], "rpcclient": [.after("-U", separator: 0x25)],
        "ldapsearch": [.next("-w")], "ldapadd": [.next("-w")], "ldapmodify": [.next("-w")], "ldapwhoami": [.next("-w")],
        "redis-cli": [.next("-a"), .next("--pass")], "mongo": [.next("-p")], "mongosh": [.next("-p")], "mongodump": [.next("-p")],
        "mongorestore": [.next("-p")], "docker login": [.next("-p")], "podman login": [.next("-p")],
        "helm registry login": [.next("-p")],
        "az login": [.next("-p")], "oc login": [.next("-p")], "unzip": [.next("-P")], "zip": [.next("-P")],
        "7z": [.attached("-p")],
        "sqlcmd": [.next("-P")], "bcp": [.next("-P")], "twine upload": [.next("-p")], "vault login": [.word(0)],
        "xfreerdp": [.attached("/p:")],
        "rdesktop": [.next("-p")], "ipmitool": [.next("-P")], "snmpwalk": [.next("-A"), .next("-X")],
        "snmpget": [.next("-A"), .next("-X")],
        "cqlsh": [.next("-p")], "influx": [.next("-password")], "wpa_passphrase": [.word(1)], "htpasswd -b": [.word(2)],
        "htpasswd -cb": [.word(2)], "htpasswd -bc": [.word(2)], "net user": [.word(1)], "net use": [.word(2)], "kinit": [],
        "lftp": [.after("-u", separator: 0x2C)],
        "ncftpput": [.next("-p")], "psexec": [.next("-p")], "rabbitmqctl add_user": [.word(1)],
        "rabbitmqctl change_password": [.word(1)],
        "gpg": [.next("--passphrase")], "openssl": [.attached("pass:"), .next("-k")],
        "keytool": [.next("-storepass"), .next("-keypass")],
        "ansible-playbook": [], "ConvertTo-SecureString": [.word(0), .next("-String")], "cmdkey": [.attached("/pass:")],
        "crowbar": [], "wget": [],
        "skopeo copy": [
            .after("--creds", separator: 0x3A), .after("--dest-creds", separator: 0x3A), .after("--src-creds", separator: 0x3A),
        ],
        "skopeo login": [.next("-p")], "isql": [.next("-P")], "impacket": [], "smbmap": [.next("-p")], "nxc": [.next("-p")],
        "crackmapexec": [.next("-p")], "evil-winrm": [.next("-p")], "sqlplus": [.after("", separator: 0x2F)],
    ]

    private static let flags = [
        "--pass", "--pwd", "--token", "--secret", "--api", "--auth", "--access", "--client-secret", "--admin-pass", "--db-pass",
        "--db-pw",
        "--root-pass", "--http-pass", "--ftp-pass", "--proxy-pass", "--bind-pw", "--private-key", "--user-pass", "--mysql-pass",
        "--key=",
        "--encryption", "--ftp-password", "--postgres-pass", "--storepass", "-password", "-passwd", "-storepass", "-keypass",
        "-passin",
    ]

    let literals =
        flags.map { Literal($0) } + programs.filter { !$0.value.isEmpty }.keys.sorted().map { Literal($0 + " ") }
        + [Literal("chpasswd")]

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let bytes = content.bytes
        if content.syntax == .prose { return }
        if bytes[hit.lowerBound] == UInt8(ascii: "-") { return Self.option(content, hit.lowerBound, &found) }
        guard
            hit.lowerBound == 0
                || !ByteSet.word.contains(bytes[hit.lowerBound - 1]) && bytes[hit.lowerBound - 1] != UInt8(ascii: "-")
        else { return }
        if bytes[hit].elementsEqual("chpasswd".utf8) { return chpasswd(content, hit, &found) }
        let program = String(decoding: bytes[hit].dropLast(), as: UTF8.self)
        let words = CommandWords.read(bytes, from: hit.upperBound, to: content.lineEnd(hit.upperBound, limit: 2048))
        for option in Self.programs[program] ?? [] { take(option, words, content, &found) }
    }

    private func take(_ option: Option, _ words: [Range<Int>], _ content: Content, _ found: inout [Candidate]) {
        let bytes = content.bytes
        switch option {
        case .attached(let flag):
            for word in words where bytes[word].starts(with: flag.utf8) && word.count > flag.utf8.count {
                report((word.lowerBound + flag.utf8.count)..<word.upperBound, content, &found)
            }
        case .next(let flag):
            for (index, word) in words.enumerated() where bytes[word].starts(with: flag.utf8) {
                if word.count == flag.utf8.count {
                    if index + 1 < words.count { report(words[index + 1], content, &found) }
                } else if flag.utf8.count == 2 {
                    let start = word.lowerBound + 2
                    report((bytes[start] == UInt8(ascii: "=") ? start + 1 : start)..<word.upperBound, content, &found)
                }
            }
        case .after(let flag, let separator):
            for (index, word) in words.enumerated() where bytes[word].starts(with: flag.utf8) {
                var value = word.lowerBound + flag.utf8.count..<word.upperBound
                if value.isEmpty && index + 1 < words.count { value = words[index + 1] }
                if let place = bytes[value].firstIndex(of: separator), place + 1 < value.upperBound {
                    report((place + 1)..<value.upperBound, content, &found)
                }
                if flag.isEmpty { return }
            }
        case .word(let index):
            let plain = words.filter { bytes[$0].first != UInt8(ascii: "-") && !bytes[$0].starts(with: Self.windowsOption) }
            if index < plain.count { report(plain[index], content, &found) }
        }
    }

    /// `--password X` and `--password=X`, of any program; the name tells whether it is a credential.
    static func option(_ content: Content, _ name: Int, _ found: inout [Candidate]) {
        let bytes = content.bytes
        guard content.syntax != .prose, name == 0 || ByteSet(" \t\n\"'`=([").contains(bytes[name - 1]) else { return }
        var end = name
        while end < bytes.count && (ByteSet.word.contains(bytes[end]) || bytes[end] == UInt8(ascii: "-")) { end += 1 }
        guard end < bytes.count, let kind = CredentialName(bytes[name..<end]) else { return }
        // The words of a list: `["--password", "x"]`.
        var start = end
        while start < bytes.count && start - end < 6 && ByteSet("\"', ").contains(bytes[start]) { start += 1 }
        if bytes[end] == UInt8(ascii: "=") { start = end + 1 }
        let isListed = bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'")
        guard start > end, !isListed || bytes[start - 1] == bytes[end] else { return }
        let words = CommandWords.read(bytes, from: start, to: content.lineEnd(start, limit: 1024))
        guard let value = words.first, bytes[value].first != UInt8(ascii: "-"),
            ValueJudge.isCredential(
                bytes[value], kind, isLiteral: false, inSettings: content.syntax == .shell && bytes[end] == UInt8(ascii: "="))
        else { return }
        found.append(Candidate(rule, value, .form))
    }

    /// `echo user:password | chpasswd`
    private func chpasswd(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let start = content.lineStart(hit.lowerBound)
        for word in CommandWords.read(content.bytes, from: start, to: hit.lowerBound, acrossPipes: true) {
            guard let colon = content.bytes[word].firstIndex(of: UInt8(ascii: ":")), colon > word.lowerBound,
                colon + 1 < word.upperBound
            else { continue }
            report((colon + 1)..<word.upperBound, content, &found)
        }
    }

    private func report(_ range: Range<Int>, _ content: Content, _ found: inout [Candidate]) {
        let value = content.bytes[range]
        guard value.count >= 4, !ValueJudge.isReference(value), !ValueJudge.isStandIn(value), value.first != UInt8(ascii: "-"),
            !(ValueJudge.isWordLike(value) && (content.syntax == .program || content.syntax == .unknown))
        else { return }
        found.append(Candidate(Self.rule, range, .form))
    }
}

/// The words of a shell's command.
enum CommandWords {
    /// Up to the end of the command: a pipe, a semicolon, a comment. Quotes are taken off.
    static func read(_ bytes: [UInt8], from start: Int, to end: Int, acrossPipes: Bool = false) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var position = start
        while position < end && words.count < 64 {
            let byte = bytes[position]
            if byte == 0x20 || byte == 0x09 {
                position += 1
            } else if byte == 0x7C || byte == 0x3B || byte == 0x26 || byte == 0x3E || byte == 0x60 {
                if !acrossPipes { break }
                position += 1
            } else if byte == 0x22 || byte == 0x27 {
                let close = bytes[(position + 1)..<end].firstIndex(of: byte) ?? end
                words.append((position + 1)..<close)
                position = close + 1
            } else {
                var last = position
                while last < end && !ByteSet(" \t\"'`").contains(bytes[last])
                    && (acrossPipes || !ByteSet("|;>").contains(bytes[last]))
                { last += 1 }
                // `-p'x'` and `--password="x"`
                if last < end && (bytes[last] == 0x22 || bytes[last] == 0x27), last > position,
                    let close = bytes[(last + 1)..<end].firstIndex(of: bytes[last])
                {
                    if bytes[last - 1] == UInt8(ascii: "=") || last - position <= 2 {
                        words.append(position..<last)
                        words.append((last + 1)..<close)
                        position = close + 1
                        continue
                    }
                }
                if last == position { last += 1 }
                words.append(position..<last)
                position = last
            }
        }
        return words
    }
}
