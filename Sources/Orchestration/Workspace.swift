import Cloud
import Crypto
import Evidence
import ImageStore
import Ledger
import Model
import Platform
import Synchronization

/// The folder with all state: the ledger, the regions with their catalogues and stores, caches and logs.
///
///     ledger.db   keys/   regions/<name>/{catalog.db, store/plain}   cache/   tmp/
package final class Workspace: Sendable {
    package let home: String
    package let environment: Environment
    /// In whose name leases are taken and operations begun.
    package let holder: Holder
    /// The environment of the command: where secrets, credentials and proxies may be.
    package let variables: [String: String]
    private let isReadOnly: Bool
    private let openLedger = Mutex<Ledger?>(nil)
    package let plane: any Plane
    private let stores = Mutex<[String: ObjectStore]>([:])

    /// A reader sees what is there and makes nothing: `Failure(.notFound)` where there is no workspace.
    package init(
        home: String, environment: Environment, readOnly: Bool = false, holder: Holder = .process,
        variables: [String: String] = [:], settings: PlaneSettings = .single
    ) throws(Failure) {
        self.home = home
        self.environment = environment
        self.holder = holder
        self.variables = variables
        isReadOnly = readOnly
        if !readOnly {
            do throws(SystemError) { try Files.makeFolders(home, permissions: 0o700) } catch {
                throw Failure(error.isNoSpace ? .exhausted : .io, "the workspace \(home) cannot be made", cause: error)
            }
        } else if !Files.exists(home + "/ledger.db") {
            throw Failure(
                .notFound, "there is no workspace at \(home)",
                hint: "build or import an image first, or name another folder by --home or INGOT_HOME")
        }
        plane = EmbeddedPlane(
            folder: home + "/regions", environment: environment, readOnly: readOnly, settings: settings)
        if !readOnly { _ = try ledger }
    }

    /// Opened when it is first asked for: much that only looks at images does not need it.
    package var ledger: Ledger {
        get throws(Failure) {
            if let ledger = openLedger.withLock({ $0 }) { return ledger }
            let ledger = try Ledger(path: home + "/ledger.db", readOnly: isReadOnly)
            return openLedger.withLock { open in
                // Of two threads that came here at once, both use the first's.
                let kept = open ?? ledger
                open = kept
                return kept
            }
        }
    }

    package var now: Instant { Instant(seconds: environment.seconds) }
    package var cacheFolder: String { home + "/cache" }
    package var downloadsFolder: String { home + "/cache/downloads" }
    /// Mountable files of trees.
    var imagesFolder: String { home + "/cache/images" }
    /// The keys that sign what is said of images.
    package var keys: KeyRing { KeyRing(folder: home + "/keys", environment: environment) }
    /// Logs of a build: console output and reports of its components.
    package func logFolder(of build: BuildID) -> String { "\(home)/builds/\(build)" }

    /// The store of a region's unencrypted images. One object per region, since it keeps its packs open.
    package func store(of region: any Region) throws(Failure) -> ObjectStore {
        if let store = stores.withLock({ $0[region.storeFolder] }) { return store }
        let store = try ObjectStore(region.storeFolder, environment: environment)
        stores.withLock { $0[region.storeFolder] = store }
        return store
    }

    /// The store with an image's content.
    package func contents(of image: ImageRecord) throws(Failure) -> ObjectStore {
        let region = try plane.region(image.region)
        return image.key == nil ? try store(of: region) : try region.contents(of: image)
    }

    package func tree(of image: ImageRecord) throws(Failure) -> Tree {
        guard let root = image.root else {
            throw Failure(.conflict, "the image \(image.id) is \(image.state) and has no content")
        }
        return try Tree(root, in: try contents(of: image))
    }

    /// A name for a folder or a token that no other run takes.
    package func token() throws(Failure) -> String {
        do throws(SystemError) {
            return try environment.token()
        } catch { throw Failure(.io, "the system gives no randomness", cause: error) }
    }

    /// Runs into a planned fault, in tests.
    func failpoint(_ name: StaticString) throws(Failure) {
        do throws(SystemError) { try environment.failpoint(name) } catch {
            throw Failure(.io, "a planned fault at \(name)", cause: error)
        }
    }
}

extension Workspace {
    /// Opens what is there without locks, for looking only: `Failure(.notFound)` where there is no workspace.
    package convenience init(
        reading home: String, environment: Environment, variables: [String: String] = [:], settings: PlaneSettings = .single
    ) throws(Failure) {
        try self.init(home: home, environment: environment, readOnly: true, variables: variables, settings: settings)
    }
}
