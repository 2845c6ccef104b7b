import ImageStore
import Model

/// A PAM module is not called with an argument, in any file of /etc/pam.d. Taking an argument away never shuts anybody out.
package struct AuthenticationArgument: HardeningRequirement {
    /// `pam_unix.so`
    package let module: String
    /// `nullok`
    package let argument: String

    private static let folder: TreePath = "/etc/pam.d"

    package init(module: String, argument: String) {
        self.module = module
        self.argument = argument
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(Self.folder) else { return .notApplicable("\(Self.folder) does not exist") }
        let files = try lines(guest).map { "\($0.file):\($0.line + 1)" }
        return files.isEmpty ? .met("no \(module) with \(argument)") : .notMet("\(module) with \(argument) in \(listed(files))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for (file, line) in try lines(guest) {
            var text = try LineFile(file, in: guest)
            let kept = text.text(line).split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace)
            text.replace(line, with: kept.filter { $0 != argument }.joined(separator: " "))
            try text.write(to: file, in: guest)
        }
    }

    private func lines(_ guest: any TreeView) throws(Failure) -> [(file: TreePath, line: Int)] {
        var found: [(file: TreePath, line: Int)] = []
        for (name, _) in try guest.children(of: try guest.resolve(Self.folder)) ?? [] {
            let file = Self.folder.appending(name)
            guard try guest.resolvedNode(file)?.content != nil else { continue }
            let text = try LineFile(file, in: guest)
            for index in text.indices {
                let words = text.words(index)
                if words.contains(module) && words.contains(argument) { found.append((file, index)) }
            }
        }
        return found
    }
}
