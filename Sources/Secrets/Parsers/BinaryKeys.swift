/// Files that hold keys in a form of their own, told by their first bytes: Java and PKCS#12 stores, DER, KeePass, NSS, OpenPGP, Kerberos.
struct BinaryKeys: FileParser {
    static let der = SecretRule("file-der-key", "Private key in DER", .privateKey, .critical)
    static let keyStore = SecretRule("file-key-store", "Key store of Java", .privateKey, .high)
    static let pkcs12 = SecretRule("file-pkcs12", "PKCS#12 key store", .privateKey, .high)
    static let keePass = SecretRule("file-keepass", "KeePass database", .password, .medium)
    static let nss = SecretRule("file-nss-keys", "NSS key database", .privateKey, .medium)
    static let openPGP = SecretRule("file-openpgp-key", "OpenPGP private key", .privateKey, .high)
    static let keytab = SecretRule("file-keytab", "Kerberos key table", .identity, .critical)
    static let ticket = SecretRule("file-kerberos-ticket", "Kerberos ticket", .identity, .high)
    static let keyring = SecretRule("file-keyring", "GNOME keyring", .password, .medium)
    static let vnc = SecretRule("file-vnc-password", "VNC password", .password, .high)

    let kind = "binary-keys"
    let looksAtName = true
    let rules = [der, keyStore, pkcs12, keePass, nss, openPGP, keytab, ticket, keyring, vnc]

    let names = NameTest(
        names: ["key3.db", "key4.db", "secring.gpg"], parts: ["cacerts", "truststore"],
        paths: ["/private-keys-v1.d/", "/.vnc/passwd$", "/vncpasswd$"])

    private static func isVNC(_ name: FileName) -> Bool {
        name.path.hasSuffix("/.vnc/passwd") || name.path.hasSuffix("/vncpasswd")
    }

    func recognizes(_ head: ArraySlice<UInt8>) -> Bool {
        guard let first = head.first else { return false }
        return first == 0x30 || [0xFE, 0xCE, 0x03, 0x05, 0x47, 0x94, 0x95, 0x96, 0x97, 0xC5, 0xC7].contains(first)
    }

    func find(in content: Content, _ found: inout [Candidate]) {
        let bytes = content.bytes
        if let rule = rule(bytes, content.name) { found.append(Candidate(rule, 0..<bytes.count, .token)) }
    }

    private func rule(_ bytes: [UInt8], _ name: FileName) -> SecretRule? {
        if Self.isVNC(name) && bytes.count == 8 { return Self.vnc }
        if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]) {
            return JavaKeyStore.hasPrivateKey(bytes) ? Self.keyStore : nil
        }
        if bytes.starts(with: [0x03, 0xD9, 0xA2, 0x9A]) { return bytes.count > 100 ? Self.keePass : nil }
        if bytes.starts(with: [0x05, 0x02, 0, 0]) && bytes.count > 30 { return Self.keytab }
        if bytes.starts(with: [0x05, 0x04, 0, 0x0C]) && bytes.count > 60 { return Self.ticket }
        if bytes.starts(with: Array("GnomeKeyring\n\r\0\n".utf8)) { return Self.keyring }
        if name.last == "key4.db" || name.last == "key3.db" {
            return bytes.count > 1024 && Self.hasNSSKey(bytes) ? Self.nss : nil
        }
        if name.path.contains("/private-keys-v1.d/") {
            return bytes.starts(with: Array("(".utf8)) || bytes.starts(with: Array("Key:".utf8)) ? Self.openPGP : nil
        }
        if Self.isSecretPacket(bytes) { return Self.openPGP }
        if bytes.first == 0x30 {
            if DER.isPKCS12(bytes) {
                return name.last.contains("cacerts") || name.last.contains("truststore") ? nil : Self.pkcs12
            }
            if let outer = DER(bytes[...]).first, bytes.count - outer.end <= 2, let form = DER.keyForm(bytes) {
                return form == .plain ? Self.der : Self.der.with(.medium)
            }
        }
        return nil
    }

    /// A row of the table of private keys.
    private static func hasNSSKey(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("SQLite format 3\0".utf8)) ? ValueTest.contains(Array("nssPrivate".utf8), in: bytes) : true
    }

    /// A secret key or subkey packet of OpenPGP (RFC 9580, 5.5.3): its header, version 4 to 6, and a date after 1990.
    private static func isSecretPacket(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 64, let first = bytes.first, first & 0x80 != 0 else { return false }
        let isNew = first & 0x40 != 0
        guard (isNew ? first & 0x3F : (first & 0x3C) >> 2) == 5 else { return false }
        var position = 1
        var length = 0
        if isNew {
            if bytes[1] < 192 {
                (length, position) = (Int(bytes[1]), 2)
            } else if bytes[1] < 224 {
                (length, position) = ((Int(bytes[1]) - 192) << 8 + Int(bytes[2]) + 192, 3)
            } else {
                return false
            }
        } else {
            switch first & 3 {
            case 0: (length, position) = (Int(bytes[1]), 2)
            case 1: (length, position) = (Int(bytes[1]) << 8 | Int(bytes[2]), 3)
            default: return false
            }
        }
        let time =
            UInt32(bytes[position + 1]) << 24 | UInt32(bytes[position + 2]) << 16 | UInt32(bytes[position + 3]) << 8
            | UInt32(bytes[position + 4])
        return length >= 40 && position + length <= bytes.count && (4...6).contains(bytes[position]) && time > 631_152_000
            && [1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28].contains(bytes[position + 5])
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        // An Ed25519 key in PKCS#8 (RFC 8410).
        let head: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
        return CanaryFile("/srv/canary/key.der", bytes: head + values.bytes(32))
    }
}

/// Java's key stores (JKS, JCEKS): which entries they have.
enum JavaKeyStore {
    /// Walks the entries; whether one is a private or secret key. A store that cannot be read on counts as having one.
    static func hasPrivateKey(_ bytes: [UInt8]) -> Bool {
        var reader = Reader(bytes: bytes, position: 4)
        guard reader.number(4) != nil, let count = reader.number(4), count > 0 else { return false }
        for _ in 0..<min(count, 10_000) {
            guard let tag = reader.number(4) else { return true }
            if tag == 1 || tag == 3 { return true }
            guard tag == 2, let alias = reader.number(2), reader.skip(alias + 8), let type = reader.number(2), reader.skip(type),
                let size = reader.number(4), reader.skip(size)
            else { return true }
        }
        return false
    }

    private struct Reader {
        let bytes: [UInt8]
        var position: Int

        mutating func number(_ count: Int) -> Int? {
            guard position + count <= bytes.count else { return nil }
            defer { position += count }
            return bytes[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
        }

        mutating func skip(_ count: Int) -> Bool {
            guard count >= 0, count <= bytes.count - position else { return false }
            position += count
            return true
        }
    }
}
