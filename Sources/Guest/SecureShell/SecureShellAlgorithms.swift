/// Lists of algorithms in sshd's configuration: what OpenSSH 9.2 offers, knows, and makes of `+`, `-` and `^` before a list.
package struct SecureShellAlgorithms: Sendable {
    /// What is offered where the configuration says nothing, in the order of preference.
    package let offered: [String]
    /// All that the program knows, in its own order.
    let known: [String]

    /// The list that a line of the configuration means; nil where it names what sshd does not know.
    func list(_ text: String) -> [String]? {
        let names = text.split(separator: ",").map(String.init)
        switch text.first {
        case "+": return expanded(offered + Self.without(names))
        case "^": return expanded(Self.without(names) + offered)
        case "-": return offered.filter { name in !Self.without(names).contains { PatternList.matches(name, $0) } }
        default: return expanded(names)
        }
    }

    private static func without(_ names: [String]) -> [String] { [String(names.first?.dropFirst() ?? "")] + names.dropFirst() }

    private func expanded(_ patterns: [String]) -> [String]? {
        var list: [String] = []
        for pattern in patterns where !pattern.isEmpty {
            let matching = known.filter { PatternList.matches($0, pattern) }
            if matching.isEmpty && !pattern.contains(where: { "*?!".contains($0) }) { return nil }
            for name in matching where !list.contains(name) { list.append(name) }
        }
        return list
    }

    private init(offered: String, known: String) {
        self.offered = offered.split(separator: " ").map(String.init)
        self.known = known.split(separator: " ").map(String.init)
    }

    static let ciphers = SecureShellAlgorithms(
        offered: """
            chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com
            """,
        known: """
            3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com \
            aes256-gcm@openssh.com chacha20-poly1305@openssh.com
            """)
    static let authenticationCodes = SecureShellAlgorithms(
        offered: """
            umac-64-etm@openssh.com umac-128-etm@openssh.com hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com \
            hmac-sha1-etm@openssh.com umac-64@openssh.com umac-128@openssh.com hmac-sha2-256 hmac-sha2-512 hmac-sha1
            """,
        known: """
            hmac-sha1 hmac-sha1-96 hmac-sha2-256 hmac-sha2-512 hmac-md5 hmac-md5-96 umac-64@openssh.com umac-128@openssh.com \
            hmac-sha1-etm@openssh.com hmac-sha1-96-etm@openssh.com hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com \
            hmac-md5-etm@openssh.com hmac-md5-96-etm@openssh.com umac-64-etm@openssh.com umac-128-etm@openssh.com
            """)
    static let keyExchanges = SecureShellAlgorithms(
        offered: """
            sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com curve25519-sha256 curve25519-sha256@libssh.org \
            ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 diffie-hellman-group-exchange-sha256 \
            diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 diffie-hellman-group14-sha256
            """,
        known: """
            diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 \
            diffie-hellman-group18-sha512 diffie-hellman-group-exchange-sha1 diffie-hellman-group-exchange-sha256 \
            ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 curve25519-sha256 curve25519-sha256@libssh.org \
            sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com
            """)
    static let signatures = SecureShellAlgorithms(
        offered: """
            ssh-ed25519-cert-v01@openssh.com ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384-cert-v01@openssh.com \
            ecdsa-sha2-nistp521-cert-v01@openssh.com sk-ssh-ed25519-cert-v01@openssh.com \
            sk-ecdsa-sha2-nistp256-cert-v01@openssh.com rsa-sha2-512-cert-v01@openssh.com rsa-sha2-256-cert-v01@openssh.com \
            ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 sk-ssh-ed25519@openssh.com \
            sk-ecdsa-sha2-nistp256@openssh.com rsa-sha2-512 rsa-sha2-256
            """, known: knownSignatures)
    static let authoritySignatures = SecureShellAlgorithms(
        offered: """
            ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 sk-ssh-ed25519@openssh.com \
            sk-ecdsa-sha2-nistp256@openssh.com rsa-sha2-512 rsa-sha2-256
            """, known: knownSignatures)
    private static let knownSignatures = """
        ssh-ed25519 ssh-ed25519-cert-v01@openssh.com sk-ssh-ed25519@openssh.com sk-ssh-ed25519-cert-v01@openssh.com \
        ecdsa-sha2-nistp256 ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384 \
        ecdsa-sha2-nistp384-cert-v01@openssh.com ecdsa-sha2-nistp521 ecdsa-sha2-nistp521-cert-v01@openssh.com \
        sk-ecdsa-sha2-nistp256@openssh.com sk-ecdsa-sha2-nistp256-cert-v01@openssh.com webauthn-sk-ecdsa-sha2-nistp256@openssh.com \
        ssh-dss ssh-dss-cert-v01@openssh.com ssh-rsa ssh-rsa-cert-v01@openssh.com rsa-sha2-256 rsa-sha2-256-cert-v01@openssh.com \
        rsa-sha2-512 rsa-sha2-512-cert-v01@openssh.com
        """
}
