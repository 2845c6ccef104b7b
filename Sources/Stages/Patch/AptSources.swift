import Guest
import ImageStore
import Model

/// The archives that an image's apt fetches from by HTTP, each suite once.
struct AptSources {
    private(set) var archives: [DebianArchives.Archive] = []

    init(in view: any TreeView) throws(Failure) {
        for source in try AptSource.all(in: view) {
            guard source.address.hasPrefix("http://") || source.address.hasPrefix("https://"), !source.suite.hasSuffix("/"),
                !source.components.isEmpty
            else { continue }
            let archive = DebianArchives.Archive(
                mirror: source.address, suite: source.suite, components: source.components)
            if !archives.contains(archive) { archives.append(archive) }
        }
    }
}
