import Model
import Platform
import SQLite
import Synchronization
import Text

/// The simulated plane: one folder a region, below one folder.
package final class EmbeddedPlane: Plane {
    package let settings: PlaneSettings
    private let folder: String
    let environment: Environment
    private let mode: Connection.Mode
    /// The regions that have got the public images; nil where none is to get them.
    let seeded = Mutex<Set<RegionName>?>(nil)
    private let opened = Mutex<[RegionName: EmbeddedRegion]>([:])
    private let instanceHost = Mutex<(any InstanceHost)?>(nil)
    private let conversions = Mutex<(converter: (any Converter)?, buckets: Buckets?)>((nil, nil))
    private let keySource = Mutex<(any RoleKeySource)?>(nil)

    /// `folder` holds the regions, and need not exist. Ids are made of `environment`'s randomness.
    package init(
        folder: String, environment: Environment, readOnly: Bool = false, settings: PlaneSettings = .single
    ) {
        self.settings = settings
        self.folder = folder
        self.environment = environment
        mode = readOnly ? .reader : .writer
    }

    package func regions() throws(Failure) -> [RegionName] {
        // A region whose catalogue is gone is one still: opening it says so, and nobody takes its copies for all that there is.
        Files.names(in: folder).filter { Files.exists(catalogue(of: $0)) || hasContent($0) }.compactMap {
            try? RegionName(parsing: $0)
        }
    }

    /// Who runs programs on instances in this process, where there is somebody.
    package var host: (any InstanceHost)? {
        get { instanceHost.withLock { $0 } }
        set { instanceHost.withLock { $0 = newValue } }
    }

    /// Who carries out imports and exports in this process, where there is somebody.
    package var converter: (any Converter)? {
        get { conversions.withLock { $0.converter } }
        set { conversions.withLock { $0.converter = newValue } }
    }

    /// What stands for Amazon S3; nil for no bucket at all.
    package var buckets: Buckets? {
        get { conversions.withLock { $0.buckets } }
        set { conversions.withLock { $0.buckets = newValue } }
    }

    /// Who gives out temporary access keys in this process, where there is somebody.
    package var roleKeys: (any RoleKeySource)? {
        get { keySource.withLock { $0 } }
        set { keySource.withLock { $0 = newValue } }
    }

    package func region(_ name: RegionName) throws(Failure) -> any Region {
        guard Files.exists(catalogue(of: name.description)) || hasContent(name.description) else {
            let known = try regions().map(\.description)
            throw Failure(
                .notFound, "there is no region \(name) here", hint: Suggestion.hint(for: name.description, among: known))
        }
        return try open(name)
    }

    package func makeRegion(_ name: RegionName) throws(Failure) -> any Region {
        try makeFolder(name)
        return try open(name)
    }

    private func makeFolder(_ name: RegionName) throws(Failure) {
        if opened.withLock({ $0[name] != nil }) { return }
        do throws(SystemError) {
            // What is in images is nobody else's on this machine, whatever the mode of the workspace's own folder.
            try Files.makeFolders("\(folder)/\(name)/\(EmbeddedRegion.storePath)", permissions: 0o700)
        } catch {
            throw Failure(.io, "cannot make the folder of the region \(name)", cause: error)
        }
    }

    package func actions(
        in region: RegionName, as principal: Principal, isDryRun: Bool
    ) throws(Failure) -> any RegionActions {
        guard settings.regionNames.contains(region.description) else {
            throw Failure(
                .invalid(region: region.description),
                hint: Suggestion.hint(for: region.description, among: settings.regionNames))
        }
        try makeFolder(region)
        let open = try open(region)
        try seed(open)
        return EmbeddedActions(plane: self, region: open, principal: principal, isDryRun: isDryRun)
    }

    /// The region, as who runs instances sees it.
    package func open(_ name: RegionName) throws(Failure) -> EmbeddedRegion {
        try opened.withLock { (opened) throws(Failure) in
            if let region = opened[name] { return region }
            let region = try EmbeddedRegion(
                name, folder: "\(folder)/\(name)", environment: environment, mode: mode, settings: settings)
            if settings.directory.account(.zero) == nil { try region.checkUndeclared(.zero) }
            opened[name] = region
            return region
        }
    }

    private func hasContent(_ region: String) -> Bool {
        !Files.names(in: "\(folder)/\(region)/\(EmbeddedRegion.storePath)/packs").isEmpty
    }

    private func catalogue(of region: String) -> String { "\(folder)/\(region)/\(EmbeddedRegion.cataloguePath)" }
}
