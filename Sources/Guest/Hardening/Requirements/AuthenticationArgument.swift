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
        let files = try lines(guest).map(\.description)
        return files.isEmpty ? .met("no \(module) with \(argument)") : .notMet("\(module) with \(argument) in \(listed(files))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for place in try lines(guest) {
            var text = try LineFile(place.file, in: guest)
            let kept = text.text(place.line).split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace)
            text.replace(place.line, with: kept.filter { $0 != argument }.joined(separator: " "))
            try text.write(to: place.file, in: guest)
        }
    }

    private func lines(_ guest: any TreeView) throws(Failure) -> [LinePlace] {
        let configuration = try PAMConfiguration(guest)
        return configuration.services.flatMap { configuration.files[$0] ?? [] }.compactMap { line in
            guard case .module(let entry) = line, entry.place.file.isWithin(Self.folder), entry.arguments.contains(argument),
                entry.module == module || entry.module.hasSuffix("/" + module)
            else { return nil }
            return entry.place
        }
    }
}
