import Cloud
import Crypto
import Evidence
import ImageStore
import Model
import Recipes
import Vulnerabilities

/// Asks the gates of a channel about an image. A gate that cannot be decided says no.
struct PromotionGates {
    let workspace: Workspace
    let image: ImageRecord
    let channel: ChannelName

    /// `Failure(.failed)` where a gate says no, with what would make it say yes.
    func check(_ gates: [PipelineDocument.Gate]) throws(Failure) {
        for gate in gates {
            switch gate {
            case .maxAge(let age): try checkAge(age)
            case .scrubClean: try checkClean()
            case .packages(let gate): try checkPackages(gate)
            }
        }
    }

    private func refusal(_ message: String, hint: String?, cause: (any Error)? = nil) -> Failure {
        Failure(.failed, "the gate of \(channel) says no: \(message)", hint: hint, cause: cause)
    }

    private func checkAge(_ age: TimeSpan) throws(Failure) {
        guard image.created + age >= workspace.now else {
            throw refusal(
                "\(image.id) was built \(image.created), more than \(age) ago",
                hint: "build again, then promote the new version")
        }
    }

    // MARK: Clean

    /// The certificate that a key of this workspace signed of this very image says that nothing was found.
    private func checkClean() throws(Failure) {
        let predicate: JSONValue
        do throws(Failure) {
            let bytes = try EvidenceFiles(of: image, in: workspace).envelope(.certificate)
            let verified = try EnvelopeVerification(
                bytes, what: DocumentKind.certificate.fileName, trusting: try workspace.keys.entries().map(\.publicKey),
                about: image.root)
            guard verified.statement.predicateType == DocumentKind.certificate.predicateType else {
                throw Failure(.invalid, "the statement is no scrub certificate")
            }
            predicate = verified.statement.predicate
        } catch {
            if error.code == .cancelled { throw error }
            throw refusal(
                "nobody shows that \(image.id) is clean", hint: error.hint ?? "build again, with a `scrub` stage", cause: error)
        }
        if let objection = CertifiedProof.objection(to: predicate) {
            throw refusal("the certificate of \(image.id) \(objection)", hint: "build again, with a `scrub` stage")
        }
    }

    // MARK: Packages

    /// What is known today of the packages of the image.
    private func checkPackages(_ gate: PackageGate) throws(Failure) {
        let now = workspace.now
        do throws(Failure) {
            _ = try gate.judge(
                try workspace.tree(of: image), by: try gate.inputs(at: now), at: now, environment: workspace.environment,
                show: { (_) throws(Failure) in })
        } catch {
            if error.code == .cancelled { throw error }
            throw refusal("the packages of \(image.id): \(error.message)", hint: error.hint, cause: error.cause)
        }
    }
}
