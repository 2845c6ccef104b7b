import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// What a stage may ask while it says what it reads.
package struct InputContext: Sendable {
    /// The folder that relative paths of the recipe start from.
    package var baseFolder: String
    /// The folder with scrub and hardening profiles.
    package var profilesFolder: String
    /// The folder with component documents.
    package var componentsFolder: String { baseFolder + "/components" }
    /// Files that were fetched before, by digest. May be emptied at any time.
    package var downloadsFolder: String
    package var environment: Environment
    package var services: StageServices
    /// `x86_64` or `arm64`.
    package var architecture: String
    /// The entries of the recipe that come before this one.
    package var earlier: [StageEntry]
    /// Shows what takes its time: what is done, and the news of it; nil where it is done.
    package var show: @Sendable (_ what: String, _ detail: String?) -> Void = { _, _ in }
    /// The root digest of the tree that the stage starts from; nil where it is not known yet.
    package var tree: Digest?

    package init(
        baseFolder: String, profilesFolder: String, downloadsFolder: String, environment: Environment,
        services: StageServices = .none, architecture: String = "x86_64", earlier: [StageEntry] = []
    ) {
        self.baseFolder = baseFolder
        self.profilesFolder = profilesFolder
        self.downloadsFolder = downloadsFolder
        self.environment = environment
        self.services = services
        self.architecture = architecture
        self.earlier = earlier
    }

    /// Runs the body with a copy of the tree that the stage starts from, for asking programs of the image. What is changed in it is
    /// thrown away.
    package func withScratch(_ body: StageServices.ScratchBody) throws(Failure) {
        guard let tree else { throw Failure(.bug, "a stage asked for its tree before there was one") }
        try services.withScratch(tree, body)
    }
}
