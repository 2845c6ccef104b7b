import Crypto

/// What a name in a directory stands for: its metadata, and what it is.
package struct Node: Hashable, Sendable {
    package var metadata: Metadata
    package var kind: Kind

    package init(_ metadata: Metadata, _ kind: Kind) {
        self.metadata = metadata
        self.kind = kind
    }

    package enum Kind: Hashable, Sendable {
        /// `links` counts the names of this file; the other ones are `hardLink`s to it.
        case file(FileContent, links: UInt32)
        /// The digest of the directory object.
        case directory(Digest)
        case symlink(target: [UInt8])
        /// Another name of the file at a path. The first path in the order of the tree is the file, all later ones are links to it;
        /// so a set of hard links has one form only. Its node's metadata is the file's.
        case hardLink(TreePath)
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case fifo

        package static let emptyDirectory = Kind.directory(SHA256.digest(of: DirectoryCoding.encode([])))
    }

    package var isDirectory: Bool { if case .directory = kind { true } else { false } }
    package var isSymlink: Bool { if case .symlink = kind { true } else { false } }

    /// The content of a file; nil for all else, hard links too.
    package var content: FileContent? { if case .file(let content, _) = kind { content } else { nil } }
}

/// Mode, owner, time and attributes of a node.
package struct Metadata: Hashable, Sendable {
    /// Permission bits with setuid, setgid and sticky: the low twelve bits of st_mode.
    package var mode: UInt16
    package var uid: UInt32
    package var gid: UInt32
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// Sorted by name. File capabilities and ACLs are here, as the kernel has them.
    package var attributes: [Attribute]

    package init(mode: UInt16, uid: UInt32 = 0, gid: UInt32 = 0, modified: Int64 = 0, attributes: [Attribute] = []) {
        self.mode = mode & 0o7777
        self.uid = uid
        self.gid = gid
        self.modified = modified
        self.attributes = attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// An extended attribute.
    package struct Attribute: Hashable, Sendable {
        package let name: [UInt8]
        package let value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }
}

/// The bytes of a file, by digest.
package struct FileContent: Hashable, Sendable {
    package let size: UInt64
    package let form: Form

    package enum Form: Hashable, Sendable {
        /// One object holds all bytes; its digest is the file's SHA-256.
        case whole(Digest)
        /// An `ExtentList` object names the parts: large files, and files with holes.
        case extents(Digest)
    }

    package init(size: UInt64, form: Form) {
        self.size = size
        self.form = form
    }

    /// The object to fetch first.
    package var digest: Digest {
        switch form {
        case .whole(let digest), .extents(let digest): digest
        }
    }
}
