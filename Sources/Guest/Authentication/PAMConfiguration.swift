import ImageStore
import Model

/// PAM's configuration: the services of `/etc/pam.d`, and the modules that each calls, includes followed (pam.conf(5)).
package struct PAMConfiguration: Sendable {
    package static let folders: [TreePath] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"]
    /// What applies to services without a file.
    package static let fallback = "other"
    /// libpam's limit of stacks in stacks is 16, of files in files about the same.
    package static let maximumDepth = 16
    /// A stack of more modules, or with more includes, is cut off: files that include each other twice grow as powers of two.
    package static let maximumEntries = 2000

    /// Files by name, as they stand.
    package let files: [String: [PAMLine]]

    /// The modules of a service for one kind, in the order in which they are asked.
    package struct Stack: Hashable, Sendable {
        package var entries: [PAMEntry] = []
        /// Files that are missing, circles, and lines that libpam refuses.
        package var problems: [Problem] = []
        /// How many includes were followed.
        fileprivate var includes = 0
    }

    package struct Problem: Hashable, Sendable {
        package let text: String
        package let place: LinePlace
    }

    package init(_ guest: any TreeView) throws(Failure) {
        var files: [String: [PAMLine]] = [:]
        for folder in Self.folders {
            for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] where files[name.description] == nil {
                let path = folder.appending(name)
                guard try guest.resolvedNode(path)?.content != nil else { continue }
                files[name.description] = try LogicalLines(path, in: guest).lines.compactMap { PAMLine($0) }
            }
        }
        self.files = files
    }

    /// The names of the files; those that others include are among them.
    package var services: [String] { files.keys.sorted() }

    /// What a service asks; that of `other` where it has no file.
    package func stack(of service: String, _ kind: PAMEntry.Kind) -> Stack {
        var stack = Stack()
        expand(files[service] == nil ? Self.fallback : service, kind, [], &stack)
        return stack
    }

    private func expand(_ file: String, _ kind: PAMEntry.Kind, _ callers: [String], _ stack: inout Stack) {
        stack.includes += 1
        for line in files[file] ?? [] {
            let count = max(stack.entries.count, stack.problems.count, stack.includes)
            guard count < Self.maximumEntries else { return }
            switch line {
            case .module(let entry): if entry.kind == kind { stack.entries.append(entry) }
            case .broken(let why, let place): stack.problems.append(Problem(text: why, place: place))
            case .includeAll(let name, let place): follow(name, kind, callers + [file], place, &stack)
            case .include(let name, let of, _, let place): if of == kind { follow(name, kind, callers + [file], place, &stack) }
            }
        }
    }

    private func follow(
        _ name: String, _ kind: PAMEntry.Kind, _ callers: [String], _ place: LinePlace, _ stack: inout Stack
    ) {
        let file = String(name.split(separator: "/").last ?? "")
        let isPlain = !name.contains("/") || Self.folders.contains { name == "\($0)/\(file)" }
        if !isPlain || files[file] == nil {
            stack.problems.append(Problem(text: "the included file '\(name.prefix(200))' does not exist", place: place))
        } else if callers.contains(file) {
            stack.problems.append(Problem(text: "\(file) includes itself", place: place))
        } else if callers.count >= Self.maximumDepth {
            stack.problems.append(Problem(text: "files include each other more than \(Self.maximumDepth) deep", place: place))
        } else {
            expand(file, kind, callers, &stack)
        }
    }
}
