import Model
import Platform
import TLS

/// The certificate and the key that `ingot serve` was given.
enum ServerIdentity {
    /// Nil where neither was.
    static func files(certificate: String?, key: String?) throws(Failure) -> IdentityFiles? {
        guard let certificate, let key else {
            if certificate == nil, key == nil { return nil }
            throw Failure(.usage, "TLS needs a certificate and its key", hint: "say --tls-certificate and --tls-key, or neither")
        }
        do throws(IdentityFiles.Problem) { return try IdentityFiles(certificate: certificate, key: key) } catch {
            switch error {
            case .certificate(let cause): throw Failure(.io, "the certificate \(certificate) cannot be read", cause: cause)
            case .key(nil): throw Failure(.notFound, "there is no file \(key) with the key of the certificate")
            case .key(let problem?):
                throw Failure(
                    problem, of: "the file with the key of the certificate", at: key,
                    remedy: "run chmod 0600 \(key), or make a new key where somebody may have seen it")
            case .identity(let problem):
                throw Failure(
                    .invalid, "\(certificate) with the key \(key) is no identity for TLS: \(problem.rawValue)",
                    hint: "give a chain of certificates in PEM, the server's own first, and its key without a password")
            }
        }
    }
}
