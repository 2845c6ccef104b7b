import Cloud
import Ledger
import Model
import Orchestration
import Recipes

/// An image version with its image.
struct BuiltImage {
    let image: ImageRecord
    let release: Release
}

extension BuilderCall {
    /// The versions that recipes made in the region, the oldest first.
    func images() throws(APIError) -> [BuiltImage] {
        guard isOwner else { return [] }
        return try asking { () throws(Failure) in
            try call.plane.makeRegion(call.region).images(ImageFilter()).compactMap { image in
                guard image.owner == call.account, image.source == nil, let release = image.release else { return nil }
                return BuiltImage(image: image, release: release)
            }
        }
    }

    func arn(_ built: BuiltImage) -> String {
        arn(.image, built.release.recipe.description, built.release.version.semantic, build: built.release.version.build)
    }

    /// Writes build versions.
    func write(_ images: [BuiltImage], _ list: ListRequest, _ answer: inout JSONWriter) throws(APIError) {
        try list.write(
            images, as: "imageSummaryList",
            facts: {
                [
                    "name": $0.release.recipe.description, "version": $0.release.version.semantic, "platform": "Linux",
                    "type": "AMI",
                ]
            }, &answer
        ) { built, json in
            writeImage(built, &json)
            json.field("owner", call.account.description)
        }
    }

    /// What summaries and whole images have in common.
    func writeImage(_ built: BuiltImage, _ json: inout JSONWriter) {
        let image = built.image
        json.field("arn", arn(built))
        json.field("name", built.release.recipe.description)
        json.field("type", "AMI")
        json.field("version", built.release.version.description)
        json.field("platform", "Linux")
        json.field("state") { json in
            json.field("status", image.builderStatus(at: call.now))
            json.field("reason", ifPresent: image.failureReason)
        }
        json.field("dateCreated", image.created.withMilliseconds)
        json.field("outputResources") { json in
            json.field("amis", [image] + copies(of: image)) { image, json in
                json.field("region", image.region.description)
                json.field("image", image.id.description)
                json.field("name", image.name.description)
                if !image.description.isEmpty { json.field("description", image.description) }
                json.field("accountId", image.owner.description)
                json.field("state") { $0.field("status", image.builderStatus(at: call.now)) }
            }
        }
        json.field("tags", object: { json in for tag in image.tags { json.field(tag.key, tag.value) } })
        json.field("imageSource", "CUSTOM")
        if let deprecation = image.deprecation { json.field("deprecationTime", deprecation.seconds) }
    }

    /// In other regions, as far as they are there.
    private func copies(of image: ImageRecord) -> [ImageRecord] {
        let source = ImageSource(region: image.region, image: image.id)
        let regions = (try? call.plane.regions()) ?? []
        return regions.filter { $0 != image.region }.flatMap { name in
            (try? call.plane.region(name).images(ImageFilter(states: [.available, .disabled], source: source))) ?? []
        }
    }
}

extension ImageRecord {
    /// In Image Builder's words.
    fileprivate func builderStatus(at now: Instant) -> String {
        switch state {
        case .pending: "CREATING"
        case .available: deprecation.map { $0 <= now } ?? false ? "DEPRECATED" : "AVAILABLE"
        case .disabled: "DISABLED"
        case .failed: "FAILED"
        case .deregistered: "DELETED"
        }
    }
}

/// The versions of all recipes; of each the latest build stands for it.
struct ListImages: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input, taking: .owner, .byName, .includeDeprecated) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let all = try list.asksForOwn ? call.images().reversed().filter { $0.image.state != .deregistered } : []
        let shown = all.filter { built in
            list.includeDeprecated ?? true || built.image.deprecation.map { $0 > call.call.now } ?? true
        }
        let versions = shown.first(ofEach: { "\($0.release.recipe)/\($0.release.version.semantic)" }, if: true)
            .first(ofEach: \.release.recipe.description, if: list.byName)
        try list.write(
            versions, as: "imageVersionList",
            facts: {
                [
                    "name": $0.release.recipe.description, "version": $0.release.version.semantic, "platform": "Linux",
                    "type": "AMI",
                ]
            }, &answer
        ) { built, json in
            json.field("arn", call.arn(.image, built.release.recipe.description, built.release.version.semantic))
            json.field("name", built.release.recipe.description)
            json.field("type", "AMI")
            json.field("version", built.release.version.semantic)
            json.field("platform", "Linux")
            json.field("owner", call.call.account.description)
            json.field("dateCreated", built.image.created.withMilliseconds)
            json.field("imageSource", "CUSTOM")
        }
    }
}

/// The builds of one version, or of all.
struct ListImageBuildVersions: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input, taking: .imageVersionArn) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        var images = try call.images().filter { $0.image.state != .deregistered }
        if let text = list.imageVersionArn {
            guard let arn = BuilderARN(text, .image), arn.build == nil else { throw .invalid(arn: text, "imageVersionArn") }
            images = arn.isOf(call) ? images.filter { arn.names($0.release) } : []
        }
        try call.write(images.reversed(), list, &answer)
    }
}

/// One build of a version, or the latest where its number is left out or `x`; also one that is being made.
struct GetImage: ImageBuilderAction {
    static let method = "GET"
    private let text: String

    init(_ input: RestInput) throws(APIError) {
        text = input.parameter("imageBuildVersionArn") ?? ""
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        guard let arn = BuilderARN(text, .image) else { throw .invalid(arn: text, "imageBuildVersionArn") }
        guard arn.isOf(call) else { throw .notFound(arn: text) }
        let execution = call.execution(arn)
        if let execution, execution.isOpen { return write(execution, call, &answer) }
        let found = try call.images().filter { arn.names($0.release) }.max { $0.release.version < $1.release.version }
        guard let found else {
            guard let execution else { throw .notFound(arn: text) }
            return write(execution, call, &answer)
        }
        answer.field("image") { json in
            call.writeImage(found, &json)
            if let pipeline = call.pipelineName(of: found.image.id) {
                json.field("sourcePipelineName", pipeline)
                json.field("sourcePipelineArn", call.arn(.pipeline, pipeline))
            }
        }
    }

    /// A build that has not ended, or made no image.
    private func write(_ execution: Workshop.Execution, _ call: BuilderCall, _ answer: inout JSONWriter) {
        let (name, version) = (execution.recipe.description, execution.version)
        answer.field("image") { json in
            json.field("arn", call.arn(.image, name, version.semantic, build: version.build))
            json.field("name", name)
            json.field("type", "AMI")
            json.field("version", version.description)
            json.field("platform", "Linux")
            json.field("sourcePipelineName", execution.pipeline.description)
            json.field("sourcePipelineArn", call.arn(.pipeline, execution.pipeline.description))
            json.field("dateCreated", execution.began.withMilliseconds)
            json.field("buildType", "USER_INITIATED")
            json.field("state") { json in
                switch execution.state {
                case .waiting: json.field("status", "PENDING")
                case .running: json.field("status", "BUILDING")
                case .made: json.field("status", "AVAILABLE")
                case .ended(let isFailure, let reason):
                    json.field("status", isFailure ? "FAILED" : "CANCELLED")
                    json.field("reason", reason)
                }
            }
        }
    }
}

extension BuilderARN {
    func isOf(_ call: BuilderCall) -> Bool { account == call.call.account && region == call.call.region && call.isOwner }

    /// Whether it means the version.
    func names(_ release: Release) -> Bool {
        guard Self.word(release.recipe.description) == name, build == nil || build == release.version.build else { return false }
        return version.flatMap { try? VersionSelector(parsing: $0) }?.matches(release.version) ?? false
    }
}

extension BuilderCall {
    /// The latest that was to make the version.
    fileprivate func execution(_ arn: BuilderARN) -> Workshop.Execution? {
        pipelines.map(\.recipe).filter { BuilderARN.word($0.description) == arn.name }.flatMap {
            workshop.executions(of: $0, in: call.region)
        }.last { arn.names(Release(recipe: $0.recipe, version: $0.version)) }
    }

    fileprivate func pipelineName(of image: ImageID) -> String? {
        let builds = (try? workshop.workspace.ledger.builds()) ?? []
        return builds.last { $0.image == image && $0.state == .succeeded }?.pipeline.description
    }
}
