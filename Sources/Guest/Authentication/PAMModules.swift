import ImageStore
import Model

/// The modules that PAM can load in an image, and what its configuration asks for in vain.
package struct PAMModules: Sendable {
    private let folders: [TreePath]
    private let names: Set<String>

    package init(_ guest: any TreeView) throws(Failure) {
        var folders: [TreePath] = []
        for root in ["/lib", "/lib64", "/usr/lib", "/usr/lib64"] as [TreePath] {
            folders.append(try root.appending("security"))
            // `/lib/x86_64-linux-gnu/security`
            for (name, node) in try guest.children(of: try guest.resolve(root)) ?? [] where node.isDirectory {
                guard name.description.contains("-linux-") else { continue }
                folders.append(try root.appending(name).appending("security"))
            }
        }
        var names: Set<String> = []
        for folder in folders {
            for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] { names.insert(name.description) }
        }
        self.folders = folders
        self.names = names
    }

    /// Whether a module is there; a path is looked up as it is.
    package func has(_ module: String, in guest: any TreeView) throws(Failure) -> Bool {
        guard module.hasPrefix("/") else { return names.contains(module) }
        guard let path = try? TreePath(parsing: module.replacing("$ISA/", with: "")) else { return false }
        return try guest.exists(path)
    }

    /// All that keeps the configuration from working: broken lines, includes, missing modules, jumps over a stack's end.
    package static func problems(
        of configuration: PAMConfiguration, in guest: any TreeView
    ) throws(Failure) -> [PAMConfiguration.Problem] {
        let modules = try PAMModules(guest)
        var problems: Set<PAMConfiguration.Problem> = []
        // So many services no image has; each may have a stack of the largest size.
        for service in configuration.services.prefix(500) {
            for kind in PAMEntry.Kind.allCases {
                let stack = configuration.stack(of: service, kind)
                problems.formUnion(stack.problems)
                for (index, entry) in stack.entries.enumerated() {
                    let isThere = entry.mayBeMissing ? true : try modules.has(entry.module, in: guest)
                    if !isThere {
                        problems.insert(
                            PAMConfiguration.Problem(text: "the module \(entry.module) does not exist", place: entry.place))
                    }
                    // A jump to the end itself counts as an answer of the stack in an included file, so only what leads beyond is wrong.
                    if index + entry.control.longestJump > stack.entries.count {
                        problems.insert(
                            PAMConfiguration.Problem(text: "\(entry.module) jumps over the end of the stack", place: entry.place))
                    }
                }
            }
        }
        return problems.sorted { ($0.place, $0.text) < ($1.place, $1.text) }
    }
}
