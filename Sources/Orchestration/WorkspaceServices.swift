import Cloud
import Crypto
import ImageStore
import Model
import Pipeline

extension Workspace {
    /// What stages of a build in a region may use.
    func services(in region: any Region) throws(Failure) -> StageServices {
        let store = try store(of: region)
        return StageServices(
            programs: { _ throws(Failure) in throw Failure(.unavailable, "no programs can be run here") },
            openScratch: { root throws(Failure) in
                // The writer is never published: what it takes goes away with it.
                try TreeEditor(root: root, in: try StoreWriter(store))
            })
    }

    /// Reads secrets; those that are parameters from the region.
    func vault(in region: any Region) throws(Failure) -> SecretVault {
        SecretVault { name throws(Failure) in
            throw Failure(.notFound, "the parameter \(name) does not exist in \(region.name)")
        }
    }
}
