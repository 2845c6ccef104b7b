import Model
import Platform
import YAML

/// What goes into an image: a recipe document, checked.
package struct Recipe: Sendable {
    package var name: ResourceName
    package var description: String?
    package var version: VersionPattern
    package var parentImage: ParentImage
    package var architecture: Architecture
    package var blockDeviceMappings: [BlockDeviceMapping]
    package var stages: [StageEntry]
    package var tags: TagSet
    /// The modification time of what a build writes; nil for the parent image's.
    package var sourceDate: Instant?

    /// The document's path, as it was given.
    package var file: String
    /// The folder that relative paths in the recipe start from: the one the document is in.
    package var baseFolder: String { Files.parent(of: file) }
    /// Its document's name in the library: `web`, or `web@1.4.2` where a recipe has a document for each version.
    package var reference: String { DocumentDecoder.stem(of: file) }
    /// The whole document, as it is written, comments and formatting aside.
    package var definition: CanonicalValue
}

extension Recipe {
    /// Decodes a recipe. `stages` are the stages that a recipe may name. Throws all errors of the document at once.
    package init(_ bytes: [UInt8], file: String, stages: [any StageDefinition.Type]) throws(Failure) {
        self = try DocumentDecoder.decode(bytes, file: file, as: "the recipe") { Recipe($0, file: file, stages: stages) }
    }

    private init?(_ fields: FieldReader, file: String, stages known: [any StageDefinition.Type]) {
        let version = fields.value("version", VersionPattern.self)
        let name = fields.documentName(version: version)
        let description = fields.documentDescription()
        let parentImage = Self.parentImage(fields, of: name)
        let architecture = fields.oneOf("architecture", default: Architecture.x86)
        let volumes = BlockDeviceMapping.read(fields)
        let stages = StageListReader(known: known, baseFolder: Files.parent(of: file), fields.diagnostics).read(
            fields.list("stages"))
        let tags = fields.tags("tags")
        let sourceDate = fields.optionalValue("sourceDate", Instant.self)
        if let sourceDate, sourceDate.nanoseconds == nil {
            fields.report("'sourceDate' must be between 1678 and 2261, this is \(sourceDate)", at: "sourceDate")
        }
        guard let name, let version, let parentImage else { return nil }
        self.init(
            name: name, description: description, version: version, parentImage: parentImage, architecture: architecture,
            blockDeviceMappings: volumes, stages: stages, tags: tags, sourceDate: sourceDate, file: file,
            definition: fields.definition)
    }

    private static func parentImage(_ fields: FieldReader, of name: ResourceName?) -> ParentImage? {
        guard let value = fields.required("parentImage"), let parent = value.value(ParentImage.self) else { return nil }
        if case .catalogue(let other, _) = parent, other == name {
            value.report("the recipe is its own parent image")
        }
        return parent
    }
}
