import ImageStore
import Model

/// A PAM module is called without an argument, or with one, in all files of /etc/pam.d.
package struct AuthenticationArgument: HardeningRequirement {
    /// `pam_unix.so`
    package let module: String
    /// Nil for all.
    package let kind: PAMEntry.Kind?
    /// `nullok`; `remember=*` means any value.
    package let argument: String
    package let isPresent: Bool

    private static let folder: TreePath = "/etc/pam.d"

    package init(module: String, kind: PAMEntry.Kind? = nil, argument: String, isPresent: Bool = false) {
        self.module = module
        self.kind = kind
        self.argument = argument
        self.isPresent = isPresent
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(Self.folder) else { return .notApplicable("\(Self.folder) does not exist") }
        let calls = try calls(guest)
        if isPresent && calls.isEmpty { return .notApplicable("nothing calls \(module)") }
        let wrong = calls.filter { has($0) != isPresent }.map(\.place.description)
        let word = isPresent ? "without" : "with"
        return wrong.isEmpty
            ? .met("no \(module) \(word) \(argument)") : .notMet("\(module) \(word) \(argument) in \(listed(wrong))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for entry in try calls(guest) where has(entry) != isPresent {
            var text = try LineFile(entry.place.file, in: guest)
            let line = text.text(entry.place.line)
            let words = line.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace)
            text.replace(
                entry.place.line,
                with: isPresent ? "\(line) \(argument)" : words.filter { !fits(String($0)) }.joined(separator: " "))
            try text.write(to: entry.place.file, in: guest)
        }
    }

    private func has(_ entry: PAMEntry) -> Bool { entry.arguments.contains(where: fits) }

    private func fits(_ word: String) -> Bool {
        argument.hasSuffix("=*") ? word.hasPrefix(argument.dropLast()) : word == argument
    }

    private func calls(_ guest: any TreeView) throws(Failure) -> [PAMEntry] {
        let configuration = try guest.fact { (guest) throws(Failure) in try PAMConfiguration(guest) }
        return configuration.services.flatMap { configuration.files[$0] ?? [] }.compactMap { line in
            guard case .module(let entry) = line, entry.place.file.isWithin(Self.folder), kind == nil || entry.kind == kind,
                entry.module == module || entry.module.hasSuffix("/" + module)
            else { return nil }
            return entry
        }
    }
}
