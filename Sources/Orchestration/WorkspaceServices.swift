import Cloud
import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Sandbox

extension Workspace {
    /// What stages of a build in a region may use; of one that works at a place, its trees there.
    func services(in region: any Region, at place: BuildPlace? = nil) throws(Failure) -> StageServices {
        let store = if let place { place.store } else { try self.store(of: region) }
        let vault = vault(in: region)
        return StageServices(
            checkPrograms: { () throws(Failure) in try Sandbox.checkAvailable() },
            programs: { folder, base throws(Failure) in
                let images = if let place { try place.mountableImages() } else { try self.mountableImages() }
                return Sandbox(folder: folder, images: images, base: base, environment: self.environment)
            },
            tree: { root throws(Failure) in try Tree(root, in: store) },
            withScratch: { root, body throws(Failure) in
                let instance = try ScratchInstance(of: root, in: region, self, contents: store)
                defer { instance.close() }
                try body(instance.editor, instance.sandbox)
            },
            parameter: { name throws(Failure) in try region.parameters.stored(name) },
            secret: { secret throws(Failure) in try vault.value(of: secret) },
            variables: variables)
    }

    /// Mountable files of trees.
    package func mountableImages() throws(Failure) -> TreeImageCache {
        try TreeImageCache(imagesFolder, environment: environment)
    }

    /// Mountable files of a store's trees. Those of an encrypted one are in the folder, which goes with what runs there.
    package func mountableImages(of store: ObjectStore, in folder: String) throws(Failure) -> TreeImageCache {
        store.isEncrypted ? try TreeImageCache(folder + "/images", environment: environment) : try mountableImages()
    }

    /// Reads secrets; those that are parameters from the region.
    func vault(in region: any Region) -> SecretVault {
        let variables = variables
        return SecretVault(
            variable: { variables[$0] },
            parameter: { name throws(Failure) in
                switch try region.parameters.stored(name)?.value {
                case .secure(let value)?, .string(let value)?: return value
                case .list(let values)?: return values.joined(separator: ",")
                case nil:
                    throw Failure(
                        .notFound, "the parameter \(name) does not exist in \(region.name)",
                        hint: "`ingot parameter put \(name) --type SecureString` makes it")
                }
            })
    }
}
