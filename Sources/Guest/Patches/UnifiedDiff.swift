/// One file's changes of a unified diff, as `diff -u` and `git diff` write them.
package struct FileDiff: Hashable, Sendable {
    /// The names as written, `a/` and `b/` included; nil for `/dev/null`.
    package var oldName: [UInt8]?
    package var newName: [UInt8]?
    package var change: Change
    /// The mode that a git header gives the new file, file type included: `0o100755`, `0o120000` for a symbolic link.
    package var newMode: UInt32?
    package var oldMode: UInt32?
    package var hunks: [Hunk]
    /// The line of the diff where it starts, from 1.
    package var line: Int

    package enum Change: Hashable, Sendable {
        case modify, create, delete, rename, copy
    }

    /// Lines that stand together in both versions.
    package struct Hunk: Hashable, Sendable {
        /// From 1; with no old lines, the line after which the new ones go.
        package var oldStart: Int
        package var newStart: Int
        package var lines: [Line]
        /// The line of the diff where it starts, from 1.
        package var line: Int

        package var old: [[UInt8]] { lines.filter { $0.kind != .added }.map(\.text) }
        package var new: [[UInt8]] { lines.filter { $0.kind != .removed }.map(\.text) }
        /// How many lines of context it starts and ends with.
        package var leadingContext: Int { lines.prefix { $0.kind == .context }.count }
        package var trailingContext: Int { lines.reversed().prefix { $0.kind == .context }.count }
    }

    package struct Line: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case context, removed, added
        }

        package var kind: Kind
        /// With its line feed, which only the last line of a file may lack.
        package var text: [UInt8]
    }
}
