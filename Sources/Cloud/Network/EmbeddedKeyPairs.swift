import Crypto
import FoundationEssentials
import Model
import Platform
import Records
import SQLite

extension EmbeddedActions {
    package func keyPairs() throws(Failure) -> [KeyPair] {
        let account = try account
        return try read("list the key pairs") { try $0.keyPairs(of: account) }
    }

    package func createKeyPair(
        _ name: String, _ kind: KeyPair.Kind, tags: TagSet
    ) throws(Failure) -> (pair: KeyPair, material: String) {
        // Making an RSA key takes a tenth of a second, which nobody else has to wait for.
        guard let key = PrivateKey(kind == .rsa ? .rsa : .ed25519) else {
            throw Failure(.bug, "libcrypto makes no \(kind.rawValue) key")
        }
        let check = try region.random(4)
        let blob = SSHKey.publicBlob(of: key)
        let fingerprint: String
        let material: String
        switch kind {
        case .rsa:
            let digest = FileDigest.hex(of: key.encoded(structure: "PrivateKeyInfo", isPEM: false), .sha1)
            fingerprint = KeyPair.colons(digest)
            material = String(decoding: key.encoded(structure: "type-specific", isPEM: true), as: UTF8.self)
        case .ed25519:
            fingerprint = Data(SHA256.digest(of: blob).bytes).base64EncodedString()
            material = KeyPair.openSSH(SSHKey.privateBlob(of: key, comment: name, check: check))
        }
        let line = "ssh-\(kind.rawValue) \(Data(blob).base64EncodedString()) \(name)"
        return (try enter(name, kind, fingerprint, line, tags), material)
    }

    package func importKeyPair(_ name: String, publicKey: String, tags: TagSet) throws(Failure) -> KeyPair {
        let kinds: [Substring: KeyPair.Kind] = ["ssh-rsa": .rsa, "ssh-ed25519": .ed25519]
        guard publicKey.utf8.count <= 16 << 10, let words = KeyPair.words(of: publicKey), let kind = kinds[words[0]],
            let blob = Data(base64Encoded: String(words[1])), SSHKey.isPublicBlob(Array(blob), named: String(words[0]))
        else { throw Failure(PlaneError(.invalidKeyFormat, "Key is not in valid OpenSSH public key format")) }
        let fingerprint =
            kind == .rsa
            ? KeyPair.colons(MD5.hex(of: SSHKey.subjectPublicKeyInfo(ofRSA: Array(blob))))
            : Data(SHA256.digest(of: Array(blob)).bytes).base64EncodedString()
        return try enter(name, kind, fingerprint, words.joined(separator: " "), tags)
    }

    private func enter(
        _ name: String, _ kind: KeyPair.Kind, _ fingerprint: String, _ line: String, _ tags: TagSet
    ) throws(Failure) -> KeyPair {
        let account = try account
        let pair = KeyPair(
            id: try region.newID(), owner: account, name: name, kind: kind, fingerprint: fingerprint, publicKey: line,
            created: now, tags: tags)
        return try write("keep the key pair \(name)") { session in
            guard try !session.keyPairs(of: account).contains(where: { $0.name == name }) else {
                throw Failure(PlaneError(.invalidKeyPairDuplicate, "The keypair already exists"))
            }
            try session.insert(pair)
            return pair
        }
    }

    package func deleteKeyPair(named name: String) throws(Failure) -> KeyPairID? { try deleteKeyPair { $0.name == name } }

    package func deleteKeyPair(_ id: KeyPairID) throws(Failure) -> KeyPairID? { try deleteKeyPair { $0.id == id } }

    private func deleteKeyPair(where condition: (KeyPair) -> Bool) throws(Failure) -> KeyPairID? {
        let account = try account
        return try write("delete a key pair") { session in
            guard let pair = try session.keyPairs(of: account).first(where: condition) else { return nil }
            try session.run("DELETE FROM key_pairs WHERE id = ?", pair.id)
            try session.setTags(TagSet(), of: pair.id.description)
            return pair.id
        }
    }
}

extension KeyPair {
    /// Algorithm and base64 of a public key, and the comment where there is one: of a line of OpenSSH, or of a file of RFC 4716.
    fileprivate static func words(of text: String) -> [Substring]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == "---- BEGIN SSH2 PUBLIC KEY ----" else {
            let words = text.split(whereSeparator: \.isWhitespace)
            return words.count >= 2 ? Array(words.prefix(3)) : nil
        }
        guard lines.last == "---- END SSH2 PUBLIC KEY ----" else { return nil }
        // Headers have a colon, which base64 has not; one that ends with a backslash goes on in the next line.
        var body = ""
        var isInHeader = false
        for line in lines.dropFirst().dropLast() {
            if isInHeader || line.contains(":") {
                isInHeader = line.hasSuffix("\\")
            } else {
                body += line
            }
        }
        guard let blob = Data(base64Encoded: body), let name = SSHKey.algorithm(ofPublicBlob: Array(blob)) else { return nil }
        return [name[...], body[...]]
    }

    /// `1f:51:…`
    fileprivate static func colons(_ hex: String) -> String {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count - 1, by: 2).map { String(digits[$0...$0 + 1]) }.joined(separator: ":")
    }

    /// The PEM frame of OpenSSH: lines of 70 characters.
    fileprivate static func openSSH(_ blob: [UInt8]) -> String {
        let text = Array(Data(blob).base64EncodedString().utf8)
        let lines = stride(from: 0, to: text.count, by: 70).map { start in
            String(decoding: text[start..<min(start + 70, text.count)], as: UTF8.self)
        }
        return (["-----BEGIN OPENSSH PRIVATE KEY-----"] + lines + ["-----END OPENSSH PRIVATE KEY-----"]).joined(
            separator: "\n") + "\n"
    }
}
