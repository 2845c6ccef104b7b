import Cloud
import Crypto
import Evidence
import FoundationEssentials
import Guest
import ImageStore
import Ledger
import Model
import Pipeline
import Recipes
import Vulnerabilities

/// Writes and signs the documents about an image, as a tree of files in the region's store.
struct ImageDocuments {
    let workspace: Workspace
    let prepared: Builder.Prepared
    let stages: [StageResult]
    let proof: ProofReport?
    /// What the pipeline's own gate said.
    let packages: PackageVerdict?
    /// Whether the image was there before: this build ran nothing, and found what an earlier one had made.
    var isLater = false
    let started: Instant
    let build: BuildID
    let signer: Ed25519.PrivateKey

    /// The root digest of the documents' tree, which is durable when this returns.
    func write(about image: ImageRecord, root: Digest, to writer: StoreWriter) throws(Failure) -> Digest {
        let subject = Statement.Subject(name: image.release?.description ?? image.name.description, root: root)
        let editor = try TreeEditor(root: nil, in: writer, date: started.nanoseconds)
        func add(_ kind: DocumentKind, _ predicate: some Encodable) throws(Failure) {
            let statement = try Statement.bytes(subject, kind.predicateType, predicate)
            let envelope = Envelope(statement, type: Statement.payloadType, signedBy: signer)
            try editor.write(try envelope.json() + "\n", to: try TreePath(parsing: "/" + kind.fileName))
        }
        if let proof { try add(.certificate, try certificate(image, root, proof)) }
        try add(.provenance, provenance(root, of: image))
        let bill = try billOfMaterials(image, root)
        try add(.spdx, SPDXDocument(bill))
        try add(.cyclonedx, CycloneDXDocument(bill))
        let documents = try editor.finish()
        try writer.publish()
        try workspace.failpoint("documents.published")
        return documents
    }

    /// What the image is made of, as `ingot sbom` says it too.
    private func billOfMaterials(_ image: ImageRecord, _ root: Digest) throws(Failure) -> BillOfMaterials {
        let tree = try Tree(root, in: prepared.place.store)
        let subject = BillOfMaterials.Subject(
            name: image.release?.recipe.description ?? image.name.description,
            version: image.release?.version.description ?? "", root: root, created: image.created)
        return try BillOfMaterials(of: tree, as: subject, tool: ("ingot", ProgramVersion.text))
    }

    // MARK: Certificate

    private func certificate(_ image: ImageRecord, _ root: Digest, _ proof: ProofReport) throws(Failure) -> ScrubCertificate {
        ScrubCertificate(
            image: .init(
                id: image.id.description, name: image.name.description, release: image.release?.description ?? "",
                region: image.region.description, rootDigest: root.hex),
            recipe: .init(name: prepared.recipe.name.description, digest: prepared.recipe.definition.digest.hex),
            startedOn: started.description, finishedOn: workspace.now.description,
            scrub: try details("scrub", ScrubReport.self).map { ScrubCertificate.Scrub($0) },
            proof: ScrubCertificate.Proof(proof),
            hardening: try details("harden", HardeningReport.self).map { ScrubCertificate.Hardening($0) },
            patches: stages.filter { type(of: $0.entry.stage).name == "patch" }.map(\.report.summary),
            packages: ScrubCertificate.Packages(
                try details("scan", PackageScan.self).map(\.verdict) + [packages].compactMap { $0 }))
    }

    /// The reports of all stages of a name.
    private func details<Report: Decodable>(_ stage: String, _ type: Report.Type) throws(Failure) -> [Report] {
        var reports: [Report] = []
        for result in stages where Swift.type(of: result.entry.stage).name == stage && !result.report.detail.isEmpty {
            reports.append(try JSON.value(result.report.detail))
        }
        return reports
    }

    // MARK: Provenance

    private func provenance(_ root: Digest, of image: ImageRecord) -> Provenance {
        let recipe = prepared.recipe
        var dependencies = [
            Provenance.Resource(
                name: "recipe \(recipe.name)", uri: "urn:ingot:recipe:\(recipe.name)", sha256: recipe.definition.digest.hex)
        ]
        if let parent = prepared.parent.root {
            dependencies.append(
                Provenance.Resource(
                    name: "parent image \(prepared.parent.description)", uri: "urn:ingot:image:\(prepared.parent.description)",
                    sha256: parent.hex))
        }
        var seen: Set<StageInput> = []
        for result in stages {
            for input in result.key.inputs where seen.insert(input).inserted {
                dependencies.append(
                    Provenance.Resource(stage: result.entry.name, input: input.name, value: input.value))
            }
        }
        return Provenance(
            externalParameters: [
                "pipeline": prepared.pipeline.name.description, "recipe": recipe.name.description,
                "region": prepared.region.name.description, "architecture": recipe.architecture.rawValue,
            ],
            internalParameters: isLater
                ? ["documents": "made by a later build, in which nothing changed; the image is of \(image.created)"] : [:],
            resolvedDependencies: dependencies, keyID: signer.publicKey.id, version: ProgramVersion.text,
            invocation: "urn:ingot:build:\(build)", startedOn: started.description, finishedOn: workspace.now.description,
            byproducts: stages.map { result in
                let digest = SHA256.digest(of: Array((result.report.summary + "\n" + result.report.detail).utf8))
                return Provenance.Resource(
                    name: "report of the stage \(result.entry.name)", uri: "urn:ingot:report:\(build):\(result.entry.name)",
                    sha256: digest.hex, annotations: ["summary": result.report.summary])
            })
    }
}
