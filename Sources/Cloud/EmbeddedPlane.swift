import Model
import Platform
import SQLite
import Synchronization
import Text

/// The simulated plane: one folder a region, below one folder.
package final class EmbeddedPlane: Plane {
    /// The account that owns everything.
    package static let account = "000000000000"

    private let folder: String
    private let environment: Environment
    private let mode: Connection.Mode
    private let opened = Mutex<[RegionName: EmbeddedRegion]>([:])

    /// `folder` holds the regions, and need not exist. Ids are made of `environment`'s randomness.
    package init(folder: String, environment: Environment, readOnly: Bool = false) {
        self.folder = folder
        self.environment = environment
        mode = readOnly ? .reader : .writer
    }

    package func regions() throws(Failure) -> [RegionName] {
        Files.names(in: folder).filter { Files.exists(catalogue(of: $0)) }.compactMap { try? RegionName(parsing: $0) }
    }

    package func region(_ name: RegionName) throws(Failure) -> any Region {
        guard Files.exists(catalogue(of: name.description)) else {
            let known = try regions().map(\.description)
            throw Failure(
                .notFound, "there is no region \(name) here", hint: Suggestion.hint(for: name.description, among: known))
        }
        return try open(name)
    }

    package func makeRegion(_ name: RegionName) throws(Failure) -> any Region {
        do throws(SystemError) {
            try Files.makeFolders("\(folder)/\(name)/\(EmbeddedRegion.storePath)")
        } catch {
            throw Failure(.io, "cannot make the folder of the region \(name)", cause: error)
        }
        return try open(name)
    }

    private func open(_ name: RegionName) throws(Failure) -> EmbeddedRegion {
        if let region = opened.withLock({ $0[name] }) { return region }
        let region = try EmbeddedRegion(name, folder: "\(folder)/\(name)", environment: environment, mode: mode)
        opened.withLock { $0[name] = region }
        return region
    }

    private func catalogue(of region: String) -> String { "\(folder)/\(region)/\(EmbeddedRegion.cataloguePath)" }
}
