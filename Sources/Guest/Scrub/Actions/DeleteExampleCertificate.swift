import ImageStore
import Model

/// `snakeoil`: the key and certificate of Debian's ssl-cert, and the link by its hash, go if something will make new ones: a unit of
/// our own that runs `make-ssl-cert` before the services that use them. Without that program nothing of the image made them, and they
/// just go.
package struct DeleteExampleCertificate: ScrubKind {
    package static let name = "snakeoil"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let targets = try work.targets()
        guard !targets.isEmpty else { return }
        let unit = FirstBootUnit.exampleCertificate
        if try work.editor.exists(unit.program) {
            guard try unit.canRun(in: work.editor) else {
                return work.problem("without systemd nothing in the image would make a new certificate, so the old one stays")
            }
            if try unit.install(in: work.editor) {
                work.noteChange("\(unit.path) was installed: it makes a new certificate before the services that use it")
            }
        }
        try DeletePaths.delete(targets + (try links(work)), work)
    }

    /// The links by which OpenSSL finds a certificate, which are named by its hash.
    private func links(_ work: ScrubWork) throws(Failure) -> [TreePath] {
        let folder = try work.editor.resolve("/etc/ssl/certs")
        return try work.editor.children(of: folder)?.compactMap { (name, node) in
            guard case .symlink(let target) = node.kind, target.suffix(21) == Array("ssl-cert-snakeoil.pem".utf8)[...] else {
                return nil
            }
            return folder.appending(name)
        } ?? []
    }
}
