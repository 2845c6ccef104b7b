import Text

/// Keys as gpgv takes them.
enum Keyring {
    /// gpgv wants keyrings without armour (RFC 9580, 6.2).
    static func binary(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: Array("-----BEGIN PGP PUBLIC KEY BLOCK".utf8)) else { return bytes.isEmpty ? nil : bytes }
        var keyring: [UInt8] = []
        var body: [UInt8] = []
        var isInBody = false
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.starts(with: Array("-----BEGIN".utf8)) {
                (body, isInBody) = ([], false)
            } else if line.starts(with: Array("-----END".utf8)) {
                guard let packets = Base64.decode(body) else { return nil }
                keyring += packets
                isInBody = false
            } else if line.isEmpty {
                // Headers end with an empty line.
                isInBody = true
            } else if isInBody, line.first != UInt8(ascii: "=") {
                body += line
            }
        }
        return keyring.isEmpty ? nil : keyring
    }
}
