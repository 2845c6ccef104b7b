import Model
import Platform
import Text

/// A recipe plus when it is built, where its image goes and how it is promoted: a pipeline document, checked.
package struct PipelineDocument: Sendable {
    package var name: ResourceName
    package var description: String?
    package var recipe: ResourceName
    /// Which version of the recipe, where it has a document for each.
    package var recipeVersion: VersionPattern? = nil
    /// Nil where it is built by hand only.
    package var schedule: ScheduleDefinition?
    /// Where it is built.
    package var region: RegionName
    package var image: ImageNaming
    package var distribution: [Distribution]
    package var promotion: Promotion
    /// What the packages of an image are judged by before it becomes available; nil where nothing is asked.
    package var scan: PackageGate?
    /// What becomes of old images.
    package var lifecycle: [LifecycleRule]

    /// The document's path, as it was given.
    package var file: String
    /// The whole document, as it is written, comments and formatting aside.
    package var definition: CanonicalValue

    /// The recipe's document in the library.
    package var recipeReference: String {
        recipeVersion.map { DocumentLibrary.reference(recipe, $0) } ?? recipe.description
    }

    /// What the image in the build region is called.
    package struct ImageNaming: Sendable {
        package var name: Template
        package var description: String?
        package var tags: TagSet
        /// Who may launch it.
        package var launchPermissions: Set<LaunchPermission> = []
    }

    /// One region that the image is copied to.
    package struct Distribution: Sendable {
        package var region: RegionName
        /// When copies are made; nil for right after the build.
        package var schedule: ScheduleDefinition?
        /// Nil for the name that the image has in the build region.
        package var name: Template?
        package var description: String?
        package var tags: TagSet
        /// A copy of what is encrypted always is.
        package var isEncrypted: Bool
        /// A key of the region, by id, alias or ARN; nil for the account's default key.
        package var key: String?
        /// Who may launch the copies.
        package var launchPermissions: Set<LaunchPermission> = []
    }

    /// The channels an image passes, in order, and what each asks of it.
    package struct Promotion: Sendable, Equatable {
        package var channels: [ChannelName]
        package var gates: [ChannelName: [Gate]]
    }

    package enum Gate: Sendable, Equatable {
        /// The image was built at most so long ago.
        case maxAge(TimeSpan)
        /// Its signed certificate says that it was proven to be clean.
        case scrubClean
        /// Its packages have nothing that they may not have, by what is known on the day of the promotion.
        case packages(PackageGate)
    }
}

extension PipelineDocument {
    /// The pipeline of a recipe that is built without a document, as the parent of another: in one region, without copies or channels.
    package init(building recipe: Recipe, in region: RegionName) {
        self.init(
            name: recipe.name, description: recipe.description, recipe: recipe.name,
            recipeVersion: recipe.reference == recipe.name.description ? nil : recipe.version, schedule: nil, region: region,
            image: ImageNaming(name: .usual, description: nil, tags: TagSet()), distribution: [],
            promotion: Promotion(channels: [], gates: [:]), scan: nil, lifecycle: [], file: recipe.file,
            definition: recipe.definition)
    }
}

// MARK: - Reading

extension PipelineDocument {
    /// Decodes a pipeline. Throws all errors of the document at once.
    package init(_ bytes: [UInt8], file: String) throws(Failure) {
        self = try DocumentDecoder.decode(bytes, file: file, as: "the pipeline") { PipelineDocument($0, file: file) }
    }

    private init?(_ fields: FieldReader, file: String) {
        let name = fields.documentName()
        let description = fields.documentDescription()
        let recipe = fields.value("recipe", ResourceName.self)
        let recipeVersion = fields.optionalValue("recipeVersion", VersionPattern.self)
        let schedule = ScheduleDefinition.read(fields, hasStartCondition: true)
        let region = fields.required("region")?.region()
        let image = ImageNaming(fields)
        let distribution = Distribution.read(fields, buildRegion: region)
        let promotion = Promotion(fields, folder: Files.parent(of: file))
        let scan = fields.optionalMapping("scan").flatMap { scan in
            defer { scan.finish() }
            return PackageGate(scan, folder: Files.parent(of: file))
        }
        let lifecycle = LifecycleRule.read(fields)
        guard let name, let recipe, let region else { return nil }
        self.init(
            name: name, description: description, recipe: recipe, recipeVersion: recipeVersion, schedule: schedule,
            region: region, image: image, distribution: distribution, promotion: promotion, scan: scan, lifecycle: lifecycle,
            file: file,
            definition: fields.definition)
    }
}

extension PipelineDocument.ImageNaming {
    fileprivate init(_ fields: FieldReader) {
        guard let image = fields.optionalMapping("image") else {
            self.init(name: .usual, description: nil, tags: TagSet())
            return
        }
        self.init(
            name: image.optional("name").flatMap { $0.imageName() } ?? .usual,
            description: image.documentDescription(),
            tags: image.tags("tags"),
            launchPermissions: image.launchPermissions())
        image.finish()
    }
}

extension PipelineDocument.Distribution {
    /// A region comes at most once, and is not the build region.
    fileprivate static func read(_ fields: FieldReader, buildRegion: RegionName?) -> [Self] {
        var seen: Set<RegionName> = []
        return fields.list("distribution").compactMap { entry in
            guard let fields = entry.fields() else { return nil }
            let region = fields.required("region")?.region()
            if let region, region == buildRegion {
                fields.required("region")?.report("the image is built in \(region): it needs no copy there")
            } else if let region, !seen.insert(region).inserted {
                fields.required("region")?.report("the region \(region) is listed twice")
            }
            let schedule = ScheduleDefinition.read(fields, hasStartCondition: false)
            let name = fields.optional("name").flatMap { $0.imageName() }
            let description = fields.documentDescription()
            let tags = fields.tags("tags")
            let key = fields.optional("kmsKeyId")?.keyName()
            // As in Image Builder, a key says that the copy is encrypted.
            let isEncrypted = fields.boolean("encrypted", default: key != nil)
            if key != nil && !isEncrypted {
                fields.report("'kmsKeyId' stands beside 'encrypted: false'", at: "kmsKeyId", hint: "leave one of them out")
            }
            let permissions = fields.launchPermissions()
            fields.finish()
            return region.map {
                Self(
                    region: $0, schedule: schedule, name: name, description: description, tags: tags, isEncrypted: isEncrypted,
                    key: key, launchPermissions: permissions)
            }
        }
    }
}

extension ValueReader {
    /// A region that exists.
    func region() -> RegionName? {
        guard let text = string() else { return nil }
        if let region = try? RegionName(existing: text) { return region }
        return fail("there is no region '\(text)'", hint: Suggestion.hint(for: text, among: RegionName.commercial))
    }

    /// A template that gives an AMI name, and a different one for different builds.
    fileprivate func imageName() -> Template? {
        guard let template = Template(self) else { return nil }
        let changing: [Template.Variable] = [.version, .buildDate, .buildNumber]
        guard !changing.allSatisfy({ !template.variables.contains($0) }) else {
            return fail(
                "every build would have the same image name", hint: "add {{ version }}, {{ buildNumber }} or {{ buildDate }}")
        }
        return parsed { (_) throws(Failure) in
            _ = try template.amiName(Template.sample)
            return template
        }
    }
}

extension Template {
    /// Values of the usual form, to try a template with.
    static let sample: [Variable: String] = [
        .version: "1.0.0", .buildDate: Instant.epoch.inNames, .recipe: "recipe", .pipeline: "pipeline", .buildNumber: "1",
        .region: "us-east-1",
    ]
}
