import ImageStore
import Model

/// A line is in a file, or none of its kind is in some files. Comments and blanks at the ends of lines do not count, and several blanks
/// are one.
package struct FileLine: HardeningRequirement {
    package enum Wanted: Sendable {
        /// One line like the pattern. The remedy appends `add`; without it the site must.
        case present(add: String?)
        /// No line like the pattern. The remedy makes those that are there comments.
        case absent
    }

    /// An absolute path; patterns in its last name match many.
    package let path: String
    /// `*`, `?` and `[…]` as in glob(7), for the whole line.
    package let pattern: String
    package let wanted: Wanted
    /// Whether a file that is not there makes the requirement fail, and the remedy makes it.
    package let mustExist: Bool

    package init(path: String, pattern: String, wanted: Wanted, mustExist: Bool = false) {
        self.path = path
        self.pattern = pattern
        self.wanted = wanted
        self.mustExist = mustExist
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let files = try files(guest)
        if files.isEmpty { return mustExist ? .notMet("\(path) does not exist") : .notApplicable("\(path) does not exist") }
        let found = try lines(files, guest)
        let seen = listed(found.map { "\($0.file):\($0.line + 1) has '\($0.text)'" }, limit: 3)
        switch wanted {
        case .present: return found.isEmpty ? .notMet("\(path) has no line '\(pattern)'") : .met(seen)
        case .absent: return found.isEmpty ? .met("\(path) has no line '\(pattern)'") : .notMet(seen)
        }
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        switch wanted {
        case .present(let add):
            guard let add else { throw Failure(.failed, "what \(path) should say is for the site to choose") }
            let existing = try files(guest).first
            let file = if let existing { existing } else { try TreePath(parsing: path) }
            var text = try LineFile(file, in: guest)
            text.append(add)
            try text.write(to: file, in: guest)
        case .absent:
            for (file, line, _) in try lines(try files(guest), guest) { try LineFile.disable(line, of: file, in: guest) }
        }
    }

    private func files(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        var files: [TreePath] = []
        for path in try NamePattern.expand(path, in: guest) where try guest.resolvedNode(path)?.content != nil {
            files.append(path)
        }
        return files
    }

    private func lines(_ files: [TreePath], _ guest: any TreeView) throws(Failure) -> [(file: TreePath, line: Int, text: String)]
    {
        guard let wildcard = try? Wildcard(pattern.utf8) else {
            throw Failure(.invalid, "'\(pattern)' is no pattern for a line")
        }
        var found: [(file: TreePath, line: Int, text: String)] = []
        for file in files {
            let text = try LineFile(file, in: guest)
            for index in text.indices {
                let line = text.words(index).joined(separator: " ")
                if !line.isEmpty && wildcard.matches(Array(line.utf8)) { found.append((file, index, line)) }
            }
        }
        return found
    }
}
