/// Keys as OpenSSH has them.
package enum SSHKey {
    /// A string of the SSH protocol (RFC 4251, section 5): its length in four bytes, and the bytes.
    private static func string(_ bytes: some Collection<UInt8>) -> [UInt8] { number(bytes.count) + bytes }

    private static func number(_ value: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A positive number of the SSH protocol: with a zero before a first byte of 128 and more.
    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        string((bytes.first ?? 0) >= 0x80 ? [0] + bytes : bytes)
    }

    /// The public key's blob, which stands in base64 in a line of `authorized_keys`; empty where libcrypto does not give its numbers.
    package static func publicBlob(of key: borrowing PrivateKey) -> [UInt8] {
        if let (_, publicKey) = key.ed25519Bytes { return string("ssh-ed25519".utf8) + string(publicKey) }
        if let (exponent, modulus) = key.rsaNumbers { return string("ssh-rsa".utf8) + integer(exponent) + integer(modulus) }
        return []
    }

    /// The private key of Ed25519 in OpenSSH's format (PROTOCOL.key), without its PEM frame, and without a passphrase.
    ///
    /// - Parameter check: four random bytes, by which a reader sees that it decrypted rightly.
    package static func privateBlob(of key: borrowing PrivateKey, comment: String, check: [UInt8]) -> [UInt8] {
        guard let (seed, publicKey) = key.ed25519Bytes else { return [] }
        let blob = publicBlob(of: key)
        var secret = check + check + blob + string(seed + publicKey) + string(comment.utf8)
        var padding: UInt8 = 0
        while secret.count % 8 != 0 {
            padding += 1
            secret.append(padding)
        }
        return Array("openssh-key-v1\0".utf8) + string("none".utf8) + string("none".utf8) + string([UInt8]()) + number(1)
            + string(blob) + string(secret)
    }
}

// Public keys that somebody else made.
extension SSHKey {
    /// The name that a public key begins with.
    package static func algorithm(ofPublicBlob blob: [UInt8]) -> String? {
        strings(blob)?.first.flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Whether the bytes are the strings of a public key of that algorithm, and nothing more.
    package static func isPublicBlob(_ blob: [UInt8], named algorithm: String) -> Bool {
        guard let parts = strings(blob), parts.first.map({ $0.elementsEqual(algorithm.utf8) }) == true else { return false }
        switch algorithm {
        case "ssh-ed25519": return parts.count == 2 && parts[1].count == 32
        case "ssh-rsa": return parts.count == 3 && parts[2].count >= 128 && parts[2].count <= 2049
        default: return false
        }
    }

    /// The DER form (RFC 8017, RFC 5280) of an RSA key's blob, which fingerprints of imported keys are digests of.
    package static func subjectPublicKeyInfo(ofRSA blob: [UInt8]) -> [UInt8] {
        guard let parts = strings(blob), parts.count == 3 else { return [] }
        let key = der(0x30, der(0x02, Array(parts[2])) + der(0x02, Array(parts[1])))
        // The object identifier of rsaEncryption, and NULL.
        let algorithm: [UInt8] = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
        return der(0x30, algorithm + der(0x03, [0] + key))
    }

    private static func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)] : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8 & 255), UInt8(count & 255)]
        return [tag] + length + content
    }

    /// The strings that bytes are made of; nil where a length goes beyond the end.
    private static func strings(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var rest = bytes[...]
        var result: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            guard rest.count >= 4, result.count < 8 else { return nil }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { return nil }
            result.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return result
    }
}
