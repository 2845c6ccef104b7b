import ImageStore
import Model

/// PAM asks a module at a place of a stack: a line of a file of /etc/pam.d.
///
/// The remedy adds the line, and makes jumps over its place one longer, so that what was reached before is reached after it. It refuses
/// where the image lacks the module, or the line that it should stand beside: a stack that cannot work would shut everybody out.
package struct AuthenticationModule: HardeningRequirement {
    package enum Place: Sendable {
        case before(String)
        case after(String)
        case first
        case last
    }

    /// `common-auth`
    package let service: String
    package let kind: PAMEntry.Kind
    /// As written: `required`, `[default=die]`.
    package let control: String
    package let module: String
    /// All of them; a line may have more.
    package let arguments: [String]
    package let place: Place

    package init(
        service: String, kind: PAMEntry.Kind, control: String, module: String, arguments: [String], place: Place
    ) {
        self.service = service
        self.kind = kind
        self.control = control
        self.module = module
        self.arguments = arguments
        self.place = place
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let entries = try entries(guest) else { return .notApplicable("/etc/pam.d/\(service) does not exist") }
        guard let index = entries.firstIndex(where: fits) else {
            return .notMet("\(service) does not call \(module) as '\(line)'")
        }
        let isPlaced: Bool =
            switch place {
            case .before(let other): entries.lastIndex { $0.module == other }.map { index < $0 } ?? true
            case .after(let other): entries.firstIndex { $0.module == other }.map { index > $0 } ?? true
            case .first, .last: true
            }
        return isPlaced
            ? .met("\(entries[index].place) calls \(module)")
            : .notMet("\(entries[index].place) calls \(module) at the wrong place")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard try PAMModules(guest).has(module, in: guest) else {
            throw Failure(.failed, "\(module) is not in the image: install it in a stage before")
        }
        try removeOthers(guest)
        guard let entries = try entries(guest) else { return }
        guard let position = position(among: entries) else {
            throw Failure(.failed, "\(service) has no line for \(module) to stand beside")
        }
        let file = try TreePath(parsing: "/etc/pam.d/\(service)")
        var text = try LineFile(file, in: guest)
        for (index, entry) in entries.enumerated() where index < position {
            text.replace(entry.place.line, with: Self.lengthened(text.text(entry.place.line), entry, over: position - index))
        }
        let isBehindAll = position == entries.count
        let row = isBehindAll ? (entries.last.map { $0.place.line + 1 } ?? text.lines.count) : entries[position].place.line
        text.insert(line, at: row)
        try text.write(to: file, in: guest)
    }

    private var line: String { ([kind.rawValue, control, module] + arguments).joined(separator: "\t") }

    /// The modules of the file itself; nil where there is no file.
    private func entries(_ guest: any TreeView) throws(Failure) -> [PAMEntry]? {
        let configuration = try guest.fact { (guest) throws(Failure) in try PAMConfiguration(guest) }
        return configuration.files[service]?.compactMap { line in
            guard case .module(let entry) = line, entry.kind == kind else { return nil }
            return entry
        }
    }

    private func fits(_ entry: PAMEntry) -> Bool {
        entry.module == module && entry.control.description == control && arguments.allSatisfy(entry.arguments.contains)
    }

    /// The line of the same module that does the same in another way: its first argument says what it does.
    private func removeOthers(_ guest: TreeEditor) throws(Failure) {
        let same = try entries(guest)?.filter { entry in
            entry.module == module && (arguments.isEmpty || entry.arguments.contains(arguments[0]) || kind == .password)
        }
        for entry in (same ?? []).reversed() { try LineFile.disable(entry.place.line, of: entry.place.file, in: guest) }
    }

    private func position(among entries: [PAMEntry]) -> Int? {
        switch place {
        case .before(let other): entries.firstIndex { $0.module == other }
        case .after(let other): entries.firstIndex { $0.module == other }.map { $0 + 1 }
        case .first: 0
        case .last: entries.count
        }
    }

    /// A line whose jumps led over a place `distance` modules further on, with these jumps one longer.
    private static func lengthened(_ text: String, _ entry: PAMEntry, over distance: Int) -> String {
        guard case .actions(let actions) = entry.control, entry.control.longestJump >= distance else { return text }
        var result = text
        for action in actions {
            guard let jump = Int(action.action), jump >= distance else { continue }
            result = result.replacing("\(action.answer)=\(action.action)", with: "\(action.answer)=\(jump + 1)")
        }
        return result
    }
}
