import ImageStore
import Model

/// A setting of one file with a setting a line, the last of which wins: login.defs(5) (`KEY value`), useradd's defaults
/// (`KEY=value`), pwquality.conf(5) (`key = value`).
package struct FileSetting: HardeningRequirement {
    package enum Style: String, Sendable, CaseIterable {
        /// `KEY value`
        case words
        /// `KEY=value`
        case assignment
        /// `key = value`, where a key alone means that it is on
        case spacedAssignment
    }

    package let file: TreePath
    package let style: Style
    package let key: String
    package let accepted: AcceptedValue
    /// Whether the remedy makes the file where it is missing.
    package let creates: Bool

    package init(file: TreePath, style: Style, key: String, accepted: AcceptedValue, creates: Bool = false) {
        self.file = file
        self.style = style
        self.key = key
        self.accepted = accepted
        self.creates = creates
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let exists = try guest.exists(file)
        if !creates && !exists { return .notApplicable("\(file) does not exist") }
        let lines = try LineFile(file, in: guest)
        guard let index = lines.indices.last(where: { value(lines, $0) != nil }), let value = value(lines, index) else {
            return .notMet("\(key) is not set in \(file)")
        }
        let seen = "\(key) is '\(value)' in \(file)"
        return accepted.accepts(value) ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let value = accepted.remedy else { throw Failure(.failed, "the value of \(key) is for the site to choose") }
        var lines = try LineFile(file, in: guest)
        let own = lines.indices.filter { self.value(lines, $0) != nil }
        if let last = own.last { lines.replace(last, with: written(value)) } else { lines.append(written(value)) }
        try lines.write(to: file, in: guest)
    }

    private func written(_ value: String) -> String {
        switch style {
        case .words: "\(key)\t\(value)"
        case .assignment: "\(key)=\(value)"
        case .spacedAssignment: value.isEmpty ? key : "\(key) = \(value)"
        }
    }

    private func value(_ lines: LineFile, _ index: Int) -> String? {
        let text = lines.text(index)
        guard let first = text.first, first != "#" else { return nil }
        let end = text.firstIndex { $0.isWhitespace || $0 == "=" } ?? text.endIndex
        guard text[..<end] == key else { return nil }
        let rest = trimmed(text[end...])
        if style == .words { return rest }
        return rest.first == "=" ? trimmed(rest.dropFirst()) : rest.isEmpty && style == .spacedAssignment ? "" : nil
    }
}
