import Crypto
import ImageStore
import Model

/// Certificates that came or went, with those that end soon.
struct CertificateChanges: SemanticCategory {
    static let name = "certificates"
    static let title = "Certificates"
    private static let soon: Int64 = 30 * 86400

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        try trees.changes(within: TrustedCertificates.folders).filter { change in
            TrustedCertificates.isCertificateFile(change.path) && change.kind != .metadata
        }
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        var old: Set<Certificate> = []
        var new: Set<Certificate> = []
        for source in sources {
            old.formUnion(try certificates(source.before, trees.old))
            new.formUnion(try certificates(source.after, trees.new))
        }
        let removed = old.subtracting(new).map { certificate in
            change(Self.subject(certificate), Self.text(certificate), nil, matters: true)
        }
        let added = new.subtracting(old).map { certificate in
            change(Self.subject(certificate), nil, Self.text(certificate), note: ending(certificate, trees.now), matters: true)
        }
        return (removed + added).sorted { ($0.subject, $0.kind.rawValue) < ($1.subject, $1.kind.rawValue) }
    }

    private func certificates(_ node: Node?, _ view: any TreeView) throws(Failure) -> [Certificate] {
        guard let content = node?.content, content.size <= UInt64(CertificateFile.maximumSize) else { return [] }
        return CertificateFile.certificates(in: try content.bytes(from: view.objects, limit: CertificateFile.maximumSize))
    }

    private static func subject(_ certificate: Certificate) -> String {
        "\(certificate.subject.isEmpty ? "no name" : certificate.subject) (\(certificate.fingerprint.hex.prefix(16)))"
    }

    private static func text(_ certificate: Certificate) -> String {
        let kind = certificate.isAuthority ? "authority, " : ""
        return
            "\(kind)\(certificate.keyType) \(certificate.keyBits) bits, until \(CivilDateTime(secondsSinceEpoch: certificate.notAfter).dateText)"
    }

    private func ending(_ certificate: Certificate, _ now: Int64) -> String {
        if certificate.notAfter < now { return "has ended" }
        return certificate.notAfter < now + Self.soon ? "ends soon" : ""
    }
}
