import ImageStore
import Model

/// The range of ids that people's accounts have, from `/etc/login.defs` (login.defs(5)).
package struct LoginDefinitions: Hashable, Sendable {
    /// The defaults of shadow-utils.
    package private(set) var minimumUID: UInt32 = 1000
    package private(set) var maximumUID: UInt32 = 60_000

    package init() {}

    package init(_ bytes: [UInt8]) {
        for line in LineFile(bytes).lines {
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count >= 2, let value = UInt32(decimal: Array(words[1])) else { continue }
            if words[0].elementsEqual("UID_MIN".utf8) { minimumUID = value }
            if words[0].elementsEqual("UID_MAX".utf8) { maximumUID = value }
        }
    }

    package init(in view: any TreeView) throws(Failure) {
        let isFile = try view.resolvedNode("/etc/login.defs")?.content != nil
        self.init(isFile ? try view.read("/etc/login.defs") ?? [] : [])
    }

    package func isHuman(_ uid: UInt32) -> Bool { uid >= minimumUID && uid <= maximumUID }
}
