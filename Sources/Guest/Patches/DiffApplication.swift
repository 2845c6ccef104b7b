import ImageStore
import Model

/// Applies unified diffs to a tree: all of them, or nothing.
package struct DiffApplication {
    /// What was done with a file.
    package struct Change: Codable, Hashable, Sendable {
        package enum Kind: String, Codable, Sendable {
            case created, modified, deleted, renamed, copied
        }

        package var path: String
        package var kind: Kind
        package var hunks: Int
    }

    /// A file as the diffs so far leave it; nil content where there is none.
    private struct State {
        var content: [UInt8]?
        var isSymlink: Bool
        var metadata: Metadata
        /// Other names of the file change with it.
        var isNew: Bool
    }

    private let guest: TreeEditor
    private var states: [TreePath: State] = [:]
    private var changes: [Change] = []

    /// Files larger than this are not patched.
    private static let maximumFile = 64 << 20

    /// Applies the diffs in order. `strip` is the number of leading folders to take off the names, as `patch -p`; `file` names the diff
    /// in errors. Where a hunk does not fit, `Failure(.conflict)` names every such hunk, and the tree is as it was.
    package static func apply(_ diffs: [FileDiff], strip: Int, to guest: TreeEditor, file: String) throws(Failure) -> [Change] {
        var application = DiffApplication(guest)
        var rejections: [String] = []
        for diff in diffs {
            do throws(Failure) {
                try application.apply(diff, strip: strip)
            } catch {
                rejections.append("\(file):\(error.message)")
                if rejections.count == 1, diffs.count == 1, let hint = error.hint {
                    throw Failure(error.code, rejections[0], hint: hint)
                }
            }
        }
        guard rejections.isEmpty else {
            throw Failure(
                .conflict, "the diff does not fit the image: " + rejections.joined(separator: "; "),
                hint: "nothing of it was applied; compare the file in the image by 'ingot cat'")
        }
        try application.write()
        return application.changes
    }

    private init(_ guest: TreeEditor) { self.guest = guest }

    // MARK: One file

    private mutating func apply(_ diff: FileDiff, strip: Int) throws(Failure) {
        let (source, target) = try paths(diff, strip)
        let place = Failure.Place(line: diff.line, path: target)
        var state = try state(source)
        let exists = state.content != nil
        if diff.change == .create || (diff.change == .modify && !exists && diff.hunks.first?.old.isEmpty ?? false) {
            guard !exists else {
                throw place.conflict("is to be created and is there already", hint: "was the diff applied before?")
            }
            state = State(content: [], isSymlink: false, metadata: Metadata(mode: 0o644, modified: guest.date), isNew: true)
        } else if !exists {
            throw place.conflict("does not exist in the image", hint: "the names lose \(strip) leading folders: see 'strip'")
        }
        try checkKind(diff, state, place)
        let content = try patched(state.content ?? [], diff, place)
        try finish(diff, source, target, state, content, place)
    }

    private func checkKind(_ diff: FileDiff, _ state: State, _ place: Failure.Place) throws(Failure) {
        let isLinkDiff = (diff.oldMode ?? diff.newMode).map { $0 & 0o170000 == 0o120000 } ?? false
        if state.isSymlink && !isLinkDiff {
            throw place.conflict("is a symbolic link, which is not patched", hint: "name the file itself")
        }
        if !state.isSymlink && isLinkDiff && !state.isNew {
            throw place.conflict("is a file, the diff is of a symbolic link", hint: nil)
        }
    }

    private func patched(_ content: [UInt8], _ diff: FileDiff, _ place: Failure.Place) throws(Failure) -> [UInt8] {
        switch HunkPlacement.apply(diff.hunks, to: content) {
        case .applied(let bytes): return bytes
        case .rejected(let rejected):
            let hunks = rejected.map {
                "hunk \($0 + 1) (line \(diff.hunks[$0].line) of the diff, line \(diff.hunks[$0].oldStart) of the file)"
            }
            let reversed = diff.hunks.map { hunk in
                var hunk = hunk
                for index in hunk.lines.indices {
                    switch hunk.lines[index].kind {
                    case .added: hunk.lines[index].kind = .removed
                    case .removed: hunk.lines[index].kind = .added
                    case .context: break
                    }
                }
                hunk.oldStart = hunk.newStart
                return hunk
            }
            var wasApplied = false
            if case .applied = HunkPlacement.apply(reversed, to: content) { wasApplied = true }
            throw place.conflict(
                "does not have the lines of \(hunks.joined(separator: ", "))",
                hint: wasApplied ? "the file is as the diff would make it: was it applied before?" : nil)
        }
    }

    private mutating func finish(
        _ diff: FileDiff, _ source: TreePath, _ target: TreePath, _ state: State, _ content: [UInt8], _ place: Failure.Place
    ) throws(Failure) {
        var state = state
        var kind: Change.Kind = state.isNew ? .created : .modified
        state.content = content
        if let mode = diff.newMode {
            state.isSymlink = mode & 0o170000 == 0o120000
            state.metadata.mode = state.isSymlink ? 0o777 : (state.metadata.mode & 0o7000) | UInt16(mode & 0o777)
        }
        switch diff.change {
        case .delete:
            guard content.isEmpty else {
                throw place.conflict("is to be deleted, and has lines that the diff does not know", hint: nil)
            }
            state.content = nil
            kind = .deleted
        case .rename, .copy:
            if source != target, try self.state(target).content != nil { throw place.conflict("is there already", hint: nil) }
            state.isNew = true
            kind = diff.change == .rename ? .renamed : .copied
            if diff.change == .rename {
                states[source] = State(content: nil, isSymlink: false, metadata: state.metadata, isNew: false)
            }
        case .modify, .create: break
        }
        states[target] = state
        changes.append(Change(path: target.description, kind: kind, hunks: diff.hunks.count))
    }

    // MARK: Names

    /// Which file is read, and which is written.
    private func paths(_ diff: FileDiff, _ strip: Int) throws(Failure) -> (source: TreePath, target: TreePath) {
        var names: [TreePath] = []
        for name in [diff.oldName, diff.newName] {
            if let name { names.append(try path(name, strip, diff.line)) }
        }
        guard let first = names.first, let last = names.last else {
            throw Failure(.invalid, "\(diff.line): the diff names no file")
        }
        switch diff.change {
        case .rename, .copy: return (first, last)
        case .create: return (last, last)
        case .delete: return (first, first)
        case .modify:
            // As POSIX has it: the first of the names that exists, the simpler one first.
            let ordered =
                last.names.count < first.names.count || last.bytes.count < first.bytes.count ? [last, first] : [first, last]
            for name in ordered where try state(name).content != nil { return (name, name) }
            return (last, last)
        }
    }

    private func path(_ name: [UInt8], _ strip: Int, _ line: Int) throws(Failure) -> TreePath {
        // Slashes that stand together count as one, and one at the start as a folder.
        var rest = name[...]
        for _ in 0..<strip {
            guard let slash = rest.firstIndex(of: 0x2F) else {
                let shown = String(decoding: name, as: UTF8.self)
                throw Failure(
                    .invalid, "\(line): the name \(shown) has fewer than \(strip) folders to strip", hint: "set 'strip'")
            }
            rest = rest[slash...].drop { $0 == 0x2F }
        }
        do throws(Failure) {
            let path = try TreePath(parsing: rest)
            guard let last = path.last else { throw Failure(.invalid, "nothing is left of a name") }
            return try guest.resolve(path.parent).appending(last)
        } catch {
            throw Failure(error.code, "\(line): \(error.message)", hint: error.hint)
        }
    }

    private func state(_ path: TreePath) throws(Failure) -> State {
        if let known = states[path] { return known }
        guard var node = try guest.node(at: path) else {
            return State(content: nil, isSymlink: false, metadata: Metadata(mode: 0o644), isNew: false)
        }
        if case .symlink(let target) = node.kind {
            return State(content: target, isSymlink: true, metadata: node.metadata, isNew: false)
        }
        if case .hardLink(let file) = node.kind { node = try guest.node(at: file) ?? node }
        guard let content = node.content else { throw Failure(.conflict, "\(path) is no regular file") }
        return State(
            content: try content.bytes(from: guest.objects, limit: Self.maximumFile), isSymlink: false, metadata: node.metadata,
            isNew: false)
    }

    // MARK: Writing

    private func write() throws(Failure) {
        // Deletions first: a folder may come where a file was.
        let ordered = states.sorted { $0.key < $1.key }
        for (path, state) in ordered where state.content == nil { try guest.remove(path) }
        for (path, state) in ordered {
            guard let content = state.content else { continue }
            try guest.makeDirectory(path.parent)
            if state.isSymlink {
                var metadata = state.metadata
                metadata.modified = guest.date
                if try guest.node(at: path) != nil { try guest.remove(path) }
                try guest.put(Node(metadata, .symlink(target: content)), at: path)
            } else {
                var metadata = state.metadata
                metadata.modified = guest.date
                try guest.write(content, to: path, metadata: metadata)
            }
        }
    }
}

extension Failure {
    /// Where a diff did not fit.
    fileprivate struct Place {
        let line: Int
        let path: TreePath

        func conflict(_ what: String, hint: String?) -> Failure { Failure(.conflict, "\(line): \(path) \(what)", hint: hint) }
    }
}
