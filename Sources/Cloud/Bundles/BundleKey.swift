import Crypto
import Model
import Platform

/// The pair of keys of a region for which bundles are encrypted, as EC2 has one: a file of the region, made when it is first needed. Whoever makes
/// a bundle needs its certificate.
struct BundleKey {
    private let region: EmbeddedRegion
    private var path: String { "\(region.keysFolder)/bundles.key" }

    init(_ region: EmbeddedRegion) { self.region = region }

    /// Nil where none was ever made, so that nothing can be encrypted for it.
    func loadIfPresent() throws(Failure) -> AsymmetricKey? {
        let found: [UInt8]?
        do throws(SecretFile.Problem) { found = try SecretFile.read(path, limit: 1 << 14) } catch {
            throw Failure(error, of: subject, at: path, remedy: "run chmod 0600 \(path), and make bundles anew")
        }
        guard let bytes = found else { return nil }
        guard let key = AsymmetricKey(privateKeyInfo: bytes) else {
            throw Failure(.corrupt, "\(subject) is damaged", hint: "restore \(path) from a copy")
        }
        return key
    }

    /// Two that make it at once both get that of the first.
    func loadOrMake() throws(Failure) -> AsymmetricKey {
        if let key = try loadIfPresent() { return key }
        guard let new = AsymmetricKey(making: .rsa2048) else { throw Failure(.bug, "\(subject) cannot be made") }
        do throws(SystemError) {
            _ = try SecretFile.make(path, new.privateKeyInfo, token: try region.environment.token())
        } catch {
            throw Failure(error.isNoSpace ? .exhausted : .io, "\(subject) cannot be kept", cause: error)
        }
        guard let key = try loadIfPresent() else { throw Failure(.io, "\(subject) cannot be read") }
        return key
    }

    private var subject: String { "the key of bundles of \(region.name)" }

    /// In PEM; the same one each time.
    func certificate() throws(Failure) -> [UInt8] {
        let name = "EC2 bundles in \(region.name)"
        guard
            let certificate = try loadOrMake().certificate(
                commonName: name, serial: 1, from: Self.start, to: Self.end)
        else { throw Failure(.bug, "the certificate of bundles of \(region.name) cannot be made") }
        return certificate
    }

    /// 2020-01-01 and 2050-01-01: nobody is to wonder whether it is over.
    private static let start: Int64 = 1_577_836_800
    private static let end: Int64 = 2_524_608_000
}

extension EmbeddedRegion {
    /// The certificate for which bundles of this region are encrypted, in PEM.
    package func bundleCertificate() throws(Failure) -> [UInt8] { try BundleKey(self).certificate() }
}
