import ImageStore
import Model

/// Keeps services from being started or restarted by maintainer scripts: `policy-rc.d` says no (invoke-rc.d(8), exit status 101).
enum ServiceStarts {
    private static let path: TreePath = "/usr/sbin/policy-rc.d"
    private static let script = Array("#!/bin/sh\n# While packages are updated, nothing is started.\nexit 101\n".utf8)

    /// Runs `work` with such a script in place. An image that has one of its own keeps and uses that.
    static func withheld(in editor: TreeEditor, _ work: () throws(Failure) -> Void) throws(Failure) {
        let place = try editor.resolve(path, followLast: false)
        guard try editor.node(at: place) == nil else { return try work() }
        try editor.makeFolders(place.parent)
        try editor.write(script, to: place, metadata: Metadata(mode: 0o755, modified: editor.date))
        let failure: Failure?
        do throws(Failure) {
            try work()
            failure = nil
        } catch { failure = error }
        // A package may have brought its own meanwhile.
        if try editor.resolvedNode(place)?.content != nil, try editor.read(place, limit: 1 << 20) == script {
            try editor.remove(place)
        }
        if let failure { throw failure }
    }
}
