import Guest
import ImageStore
import Model

/// A path whose last part may hold `*`: any bytes of a name. Nothing else is special, and no `*` stands before the last `/`.
package struct PathPattern: Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// Regular files, and links that lead to one.
        case file
        /// Folders, and links that lead to one.
        case folder
        /// Whatever is no folder itself.
        case anyName
    }

    /// The folder above the wildcard; without one, the whole path.
    private let path: GuestPath
    private let wildcard: Wildcard?
    package let text: String

    package var hasWildcard: Bool { wildcard != nil }
    package var description: String { text }

    package init(_ text: String) throws(Failure) {
        self.text = text
        guard text.contains("*") else {
            path = try GuestPath(text)
            wildcard = nil
            return
        }
        var end = text.endIndex
        while end > text.startIndex, text[text.index(before: end)] == "/" { end = text.index(before: end) }
        let start = text[..<end].lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        guard !text[..<start].contains("*") else {
            throw Failure(
                .invalid, "the path '\(text.prefix(200))' has a '*' before its last '/'",
                hint: "'*' stands for parts of the last name only")
        }
        path = try GuestPath(String(text[..<start]))
        wildcard = try Self.wildcard(text[start..<end].utf8)
    }

    /// `*` alone is special, also where the other signs of a `Wildcard` stand.
    package static func wildcard(_ pattern: some Sequence<UInt8>) throws(Failure) -> Wildcard {
        try Wildcard(pattern.flatMap { $0 == UInt8(ascii: "*") ? [$0] : [UInt8(ascii: "\\"), $0] })
    }

    /// What there is of that kind, in the order of names. One that is named without a wildcard must be there and be of the kind;
    /// of what a wildcard fits, the rest is passed over, but something must be left.
    package func find(_ kind: Kind, in view: any TreeView) throws(Failure) -> [TreePath] {
        guard let wildcard else {
            let place = kind == .folder ? try path.place(in: view) : try path.filePlace(in: view)
            try Self.check(place, is: kind, in: view)
            return [place]
        }
        let folder = try path.place(in: view)
        guard let children = try view.children(of: try view.resolve(folder)) else {
            throw Failure(.notFound, "the folder \(folder) does not exist in the image")
        }
        var found: [TreePath] = []
        for (name, node) in children where wildcard.matches(name.bytes) {
            let place = folder.appending(name)
            if try Self.fits(node, at: place, kind, in: view) { found.append(place) }
        }
        guard !found.isEmpty else {
            throw Failure(.notFound, "no \(kind == .folder ? "folder" : "file") in \(folder) fits the wildcard")
        }
        return found
    }

    private static func fits(_ node: Node, at place: TreePath, _ kind: Kind, in view: any TreeView) throws(Failure) -> Bool {
        if kind == .anyName { return !node.isDirectory }
        var target: Node? = node
        if node.isSymlink {
            // A link in a circle or out of the image leads to nothing that could be taken.
            do throws(Failure) { target = try view.resolvedNode(place) } catch { return false }
        }
        switch target?.kind {
        case .file, .hardLink: return kind == .file
        case .directory: return kind == .folder
        default: return false
        }
    }

    private static func check(_ place: TreePath, is kind: Kind, in view: any TreeView) throws(Failure) {
        let node = kind == .anyName ? try view.node(at: try view.resolve(place, followLast: false)) : try view.resolvedNode(place)
        guard let node else { throw Failure(.notFound, "\(place) does not exist in the image") }
        switch (kind, node.kind) {
        case (.file, .file), (.folder, .directory): break
        case (.folder, _): throw Failure(.invalid, "\(place) is \(node.kindName), not a folder")
        case (_, .directory): throw Failure(.invalid, "\(place) is a folder", hint: "there is an action of its own for folders")
        case (.file, _): throw Failure(.invalid, "\(place) is \(node.kindName), not a regular file")
        case (.anyName, _): break
        }
    }
}

extension Node {
    /// What it is, for messages.
    package var kindName: String {
        switch kind {
        case .file, .hardLink: "a file"
        case .directory: "a folder"
        case .symlink: "a symbolic link"
        case .characterDevice, .blockDevice: "a device"
        case .fifo: "a named pipe"
        }
    }
}

extension ActionInputs {
    package func pattern(_ name: String) throws(Failure) -> PathPattern {
        do throws(Failure) { return try PathPattern(text(name)) } catch {
            throw Failure(error.code, "the input '\(name)' cannot be taken: \(error.message)", hint: error.hint)
        }
    }
}
