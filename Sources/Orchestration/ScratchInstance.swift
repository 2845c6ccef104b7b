import Cloud
import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Sandbox

/// A throw-away instance of a tree: what is changed on it goes away with it.
package final class ScratchInstance {
    package let editor: TreeEditor
    package let sandbox: Sandbox
    package let services: StageServices
    /// A folder of the host, of this instance's own.
    package let folder: String

    /// `contents` is the store that has the tree; nil for the region's open one.
    package init(
        of root: Digest, in region: any Region, _ workspace: Workspace, contents: ObjectStore? = nil
    ) throws(Failure) {
        services = try workspace.services(in: region)
        // The writer is never published: what it takes goes away with it.
        let store: ObjectStore
        if let contents { store = contents } else { store = try workspace.store(of: region) }
        editor = try TreeEditor(root: root, in: try StoreWriter(store))
        folder = "\(workspace.home)/tmp/\(workspace.holder.name)-\(try workspace.token())"
        do throws(SystemError) { try Files.makeFolders(folder, permissions: 0o700) } catch {
            throw Failure(.io, "the temporary folder \(folder) cannot be made", cause: error)
        }
        let images = try workspace.mountableImages(of: store, in: folder)
        sandbox = Sandbox(folder: folder + "/sandbox", images: images, environment: workspace.environment)
    }

    /// Ends the instance. It must not be used afterwards.
    package func close() {
        sandbox.close()
        try? Files.removeTree(folder)
    }

    deinit { close() }
}
