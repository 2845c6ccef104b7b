import ImageStore
import Model

/// A limit of limits.conf(5), such as `* hard core 0`. The last matching line of the files wins.
package struct ResourceLimit: HardeningRequirement {
    package let domain: String
    /// `hard` or `soft`.
    package let type: String
    package let item: String
    package let value: String

    private static let main: TreePath = "/etc/security/limits.conf"
    private static let folder: TreePath = "/etc/security/limits.d"
    private static let dropIn: TreePath = "/etc/security/limits.d/zz-hardening.conf"

    package init(domain: String, type: String, item: String, value: String) {
        self.domain = domain
        self.type = type
        self.item = item
        self.value = value
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let last = try lines(guest).last else { return .notMet("no limit '\(domain) \(type) \(item)'") }
        let seen = "'\(domain) \(type) \(item) \(last.value)' in \(last.file)"
        return last.value == value ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for found in try lines(guest) where found.value != value {
            try LineFile.disable(found.line, of: found.file, in: guest)
        }
        var text = try LineFile(hardening: Self.dropIn, in: guest)
        text.append("\(domain) \(type) \(item) \(value)")
        try text.write(to: Self.dropIn, in: guest)
    }

    private func lines(_ guest: any TreeView) throws(Failure) -> [(file: TreePath, line: Int, value: String)] {
        var found: [(file: TreePath, line: Int, value: String)] = []
        for file in [Self.main] + (try DropIns.files(in: [Self.folder], of: guest)) {
            let text = try LineFile(file, in: guest)
            for index in text.indices {
                let words = text.words(index)
                // `-` sets both limits.
                guard words.count == 4, words[0] == domain, words[1] == type || words[1] == "-", words[2] == item else {
                    continue
                }
                found.append((file, index, words[3]))
            }
        }
        return found
    }
}
