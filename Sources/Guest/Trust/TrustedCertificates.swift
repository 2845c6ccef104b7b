import Crypto
import ImageStore
import Model

/// The certificates of an image: those it trusts, and those of its services.
package enum TrustedCertificates {
    package static let folders: [TreePath] = [
        "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
        "/usr/share/pki",
    ]
    /// One file with all authorities that programs trust.
    package static let bundles: [TreePath] = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    ]
    private static let endings = [".pem", ".crt", ".cer", ".der", ".ca-bundle"]

    package static func isCertificateFile(_ path: TreePath) -> Bool {
        let name = path.last?.description.lowercased() ?? ""
        return endings.contains { name.hasSuffix($0) }
    }

    /// Each certificate with the files that hold it. Links are not followed: what they lead to is found where it is.
    package static func all(in guest: any TreeView) throws(Failure) -> [(certificate: Certificate, files: [TreePath])] {
        var found: [Certificate: [TreePath]] = [:]
        for folder in folders {
            try guest.walk(from: try guest.resolve(folder)) { (path, node) throws(Failure) in
                guard let content = node.content, isCertificateFile(path), content.size <= UInt64(CertificateFile.maximumSize)
                else {
                    return true
                }
                let bytes = try content.bytes(from: guest.objects, limit: CertificateFile.maximumSize)
                for certificate in CertificateFile.certificates(in: bytes) { found[certificate, default: []].append(path) }
                return true
            }
        }
        return found.map { ($0.key, $0.value) }.sorted {
            ($0.certificate.subject, $0.certificate.fingerprint) < ($1.certificate.subject, $1.certificate.fingerprint)
        }
    }
}
