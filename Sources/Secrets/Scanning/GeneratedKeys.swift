import Guest
import ImageStore
import Model
import Text

/// Keys that the script of a package makes on each machine where it is installed, for a certificate that the machine signs itself: nobody
/// gave them away, and nothing is reached by them but this machine. In an image that is to be started many times they do harm, so the
/// scrub removes them, and a scan before sealing does not take them out of its findings.
struct GeneratedKeys {
    /// One that a package makes.
    private struct Kind {
        let key: TreePath
        let certificate: TreePath
        let package: String
        /// The package's program that makes both.
        let program: TreePath
    }

    private static let kinds = [
        Kind(
            key: "/etc/ssl/private/ssl-cert-snakeoil.key", certificate: "/etc/ssl/certs/ssl-cert-snakeoil.pem",
            package: "ssl-cert",
            program: "/usr/sbin/make-ssl-cert")
    ]

    private let vendor: VendorDigests
    private let file: (TreePath) throws(Failure) -> ScanItem?

    /// A key, or a certificate, is at most this large.
    private static let maximumSize = 64 << 10

    init(vendor: VendorDigests, file: @escaping (TreePath) throws(Failure) -> ScanItem?) {
        self.vendor = vendor
        self.file = file
    }

    /// Moves findings of such keys to `generated`. All has to fit: the package is there, and the certificate is the key's own and says
    /// that the machine signed it itself.
    func separated(_ report: SecretScanReport) throws(Failure) -> SecretScanReport {
        var result = report
        for kind in Self.kinds {
            let isKey = { (finding: SecretFinding) in
                finding.path == kind.key.escaped && finding.member.isEmpty && finding.class == .privateKey
            }
            guard result.findings.contains(where: isKey), vendor[kind.program].contains(where: { $0.package == kind.package }),
                let key = try bytes(kind.key), let certificate = try bytes(kind.certificate),
                Self.isSelfSigned(certificate, of: key)
            else { continue }
            let reason =
                "made on this machine by \(kind.package)'s \(kind.program), for the certificate \(kind.certificate), which it signed itself; scrub removes it"
            for finding in result.findings where isKey(finding) {
                result.generated.append(AllowedSecret(finding: finding, reason: reason))
            }
            result.findings.removeAll(where: isKey)
        }
        return result
    }

    private func bytes(_ path: TreePath) throws(Failure) -> [UInt8]? {
        guard let item = try file(path), item.size <= UInt64(Self.maximumSize) else { return nil }
        return Self.decoded(try item.bytes(limit: Self.maximumSize))
    }

    /// What is in the only armour of a file.
    private static func decoded(_ text: [UInt8]) -> [UInt8]? {
        let lines = text.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        guard let first = lines.first, first.starts(with: "-----BEGIN ".utf8), lines.count > 2,
            let end = lines.firstIndex(where: { $0.starts(with: "-----END ".utf8) }), end == lines.count - 1
        else { return nil }
        return Base64.decode(lines[1..<end].flatMap(\.self)[...])
    }

    /// Whether issuer and subject of an X.509 certificate (RFC 5280) are one, and its key has the modulus of an RSA key.
    private static func isSelfSigned(_ certificate: [UInt8], of key: [UInt8]) -> Bool {
        guard let modulus = modulus(of: key), let outer = DER(certificate[...]).first, let body = DER.children(of: outer).first
        else {
            return false
        }
        var fields = DER.children(of: body)[...]
        if fields.first?.tag == 0xA0 { fields = fields.dropFirst() }
        // Serial number, algorithm, issuer, validity, subject, key.
        let parts = Array(fields)
        guard parts.count >= 6, parts[2].content == parts[4].content else { return false }
        return ValueTest.contains(modulus, in: parts[5].content)
    }

    /// Of a key in PKCS#1 or PKCS#8 (RFC 8017, RFC 5208).
    private static func modulus(of key: [UInt8]) -> [UInt8]? {
        guard var outer = DER(key[...]).first else { return nil }
        if let inner = DER.children(of: outer).dropFirst(2).first, inner.tag == 0x04 {
            guard let wrapped = DER(inner.content).first else { return nil }
            outer = wrapped
        }
        guard let modulus = DER.children(of: outer).dropFirst().first, modulus.tag == 0x02, modulus.content.count >= 128 else {
            return nil
        }
        return Array(modulus.content)
    }
}
