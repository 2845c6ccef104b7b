import Model
import Records
import SQLite

// Where an image comes from, and what refers to it.
extension EmbeddedActions {
    func imageAncestry(_ id: ImageID) throws(Failure) -> [ImageAncestor] {
        let setting = try allowedImages()
        let first = try read("look up the image \(id)") { session in try existing(id, session) }
        guard access(to: first, setting).isVisible(to: caller) else { throw Failure(.notFound(images: [id])) }
        var ancestry = [ancestor(first)]
        var next = first.madeOf
        while let source = next, ancestry.count < Self.longestAncestry, !ancestry.contains(where: { $0.image == source.image }) {
            guard let image = try find(source) else {
                ancestry.append(ImageAncestor(image: source.image, created: nil, ownerAlias: nil, source: nil))
                break
            }
            ancestry.append(ancestor(image))
            next = image.madeOf
        }
        return ancestry
    }

    private static var longestAncestry: Int { 1000 }

    private func ancestor(_ image: ImageRecord) -> ImageAncestor {
        ImageAncestor(
            image: image.id, created: image.created, ownerAlias: plane.settings.directory.account(image.owner)?.alias,
            source: image.madeOf)
    }

    /// The image in its region, also one that is gone; nil where its region is lost or never had it.
    private func find(_ source: ImageSource) throws(Failure) -> ImageRecord? {
        guard try plane.regions().contains(source.region) else { return nil }
        let region = try plane.open(source.region)
        return try region.database.read("look up the image \(source.image)") { session in
            try session.images(of: [source.image], in: source.region).first
        }
    }

    func imageReferences(_ ids: [ImageID]) throws(Failure) -> [ImageReferenceEntry] {
        try read("look for references to images of \(region.name)") { session in
            let account = try account
            return try instanceReferences(ids, session, account) + templateReferences(ids, session, account)
                + parameterReferences(ids, session, account)
        }
    }

    private func instanceReferences(
        _ ids: [ImageID], _ session: Session, _ account: AccountID
    ) throws -> [ImageReferenceEntry] {
        try session.instances(of: account).filter { $0.state != .terminated && ids.contains($0.image) }.map { instance in
            ImageReferenceEntry(
                image: instance.image, kind: .instance,
                arn: ARN("ec2", in: region.name, of: account, "instance/\(instance.id)").description)
        }
    }

    /// The last versions of each template count.
    private func templateReferences(
        _ ids: [ImageID], _ session: Session, _ account: AccountID
    ) throws -> [ImageReferenceEntry] {
        try session.launchTemplates(of: account).flatMap { template in
            let named = Set(try session.versions(of: template).suffix(Self.versionDepth).compactMap { $0.data["ImageId"] })
            return ids.filter { named.contains($0.description) }.map { id in
                ImageReferenceEntry(
                    image: id, kind: .launchTemplate,
                    arn: ARN("ec2", in: region.name, of: account, "launch-template/\(template.id)").description)
            }
        }
    }

    private static var versionDepth: Int { 10 }

    private func parameterReferences(
        _ ids: [ImageID], _ session: Session, _ account: AccountID
    ) throws -> [ImageReferenceEntry] {
        try session.rows(
            """
            SELECT name, value FROM parameters a WHERE owner = ? AND value IN (SELECT value FROM json_each(?))
                AND (expires IS NULL OR expires > ?)
                AND version = (SELECT max(version) FROM parameters b WHERE b.owner = a.owner AND b.name = a.name)
            ORDER BY name
            """, region.parameterKey(of: account), Session.list(ids), now
        ) { row in
            let name: ParameterName = try row.parsed("name")
            return ImageReferenceEntry(
                image: try row.parsed("value"), kind: .parameter,
                arn: name.arn(in: region.name, of: account))
        }
    }
}
