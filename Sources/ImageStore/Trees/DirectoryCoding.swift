import Crypto
import Model

/// The bytes of a directory object, and of the root object that names an image.
///
///     directory  "ingot directory 1\n"  count  (name  node)*      sorted by name, each name once
///     root       "ingot root 1\n"  node                           the node of `/` itself
///     node       kind mode uid gid  mtime  attributes  payload    numbers as in `ByteWriter`
///
/// There is one encoding of a value only, so that equal trees have equal digests.
package enum DirectoryCoding {
    private static let directoryMagic = Array("ingot directory 1\n".utf8)
    private static let rootMagic = Array("ingot root 1\n".utf8)
    private static let maximumAttributes = 1024
    private static let maximumAttributeSize = 65_536

    package static func encode(_ entries: [(name: Name, node: Node)]) -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(directoryMagic)
        writer.number(UInt64(entries.count))
        for entry in entries.sorted(by: { $0.name < $1.name }) {
            writer.string(entry.name.bytes)
            encode(entry.node, into: &writer)
        }
        return writer.bytes
    }

    package static func decode(_ bytes: [UInt8]) throws(Failure) -> [(name: Name, node: Node)] {
        var (reader, count) = try start(bytes)
        var entries: [(name: Name, node: Node)] = []
        entries.reserveCapacity(min(count, 4096))
        for _ in 0..<count {
            let entry = try decodeEntry(&reader)
            if let last = entries.last, !(last.name < entry.name) {
                throw reader.damaged("the entry '\(entry.name)' is out of order")
            }
            entries.append(entry)
        }
        guard reader.isAtEnd else { throw reader.damaged("something follows the last entry") }
        return entries
    }

    /// The entries as they are stored.
    static func list(_ bytes: [UInt8]) throws(Failure) -> EncodedList {
        let (reader, count) = try start(bytes)
        return EncodedList(bytes, .entries, from: reader.position, count: count)
    }

    /// The one entry that begins at an offset.
    static func decodeEntry(_ bytes: [UInt8], at offset: Int) throws(Failure) -> (name: Name, node: Node) {
        var reader = ByteReader(bytes, of: "a directory object", from: offset)
        return try decodeEntry(&reader)
    }

    /// Reads what stands before the first entry.
    private static func start(_ bytes: [UInt8]) throws(Failure) -> (reader: ByteReader, count: Int) {
        var reader = ByteReader(bytes, of: "a directory object")
        guard try reader.raw(min(directoryMagic.count, bytes.count)) == directoryMagic else {
            throw reader.damaged("its first line is foreign")
        }
        let count = try reader.number(Int.self)
        // An entry takes at least eight bytes, so a count beyond that is a lie that must not reserve memory.
        guard count <= bytes.count / 8 else { throw reader.damaged("it claims \(count) entries") }
        return (reader, count)
    }

    private static func decodeEntry(_ reader: inout ByteReader) throws(Failure) -> (name: Name, node: Node) {
        guard let name = Name(try reader.string(limit: Name.maximumLength)) else {
            throw reader.damaged("an entry has no valid name")
        }
        return (name, try decodeNode(&reader))
    }

    package static func encodeRoot(_ node: Node) -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(rootMagic)
        encode(node, into: &writer)
        return writer.bytes
    }

    package static func decodeRoot(_ bytes: [UInt8]) throws(Failure) -> Node {
        var reader = ByteReader(bytes, of: "a root object")
        guard try reader.raw(min(rootMagic.count, bytes.count)) == rootMagic else {
            throw reader.damaged("its first line is foreign")
        }
        let node = try decodeNode(&reader)
        guard reader.isAtEnd, node.isDirectory else { throw reader.damaged("it is not one directory") }
        return node
    }

    private static func encode(_ node: Node, into writer: inout ByteWriter) {
        writer.number(UInt64(tag(of: node.kind)))
        writer.number(UInt64(node.metadata.mode))
        writer.number(UInt64(node.metadata.uid))
        writer.number(UInt64(node.metadata.gid))
        writer.signed(node.metadata.modified)
        writer.number(UInt64(node.metadata.attributes.count))
        for attribute in node.metadata.attributes {
            writer.string(attribute.name)
            writer.string(attribute.value)
        }
        switch node.kind {
        case .file(let content, let links):
            writer.number(content.size)
            writer.number(UInt64(links))
            writer.raw(content.digest.bytes)
        case .directory(let digest): writer.raw(digest.bytes)
        case .symlink(let target): writer.string(target)
        case .hardLink(let path): writer.string(path.bytes)
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
            writer.number(UInt64(major))
            writer.number(UInt64(minor))
        case .fifo: break
        }
    }

    private static func tag(of kind: Node.Kind) -> UInt8 {
        switch kind {
        case .file(let content, _):
            switch content.form {
            case .whole: 1
            case .extents: 2
            }
        case .directory: 3
        case .symlink: 4
        case .hardLink: 5
        case .characterDevice: 6
        case .blockDevice: 7
        case .fifo: 8
        }
    }

    private static func decodeNode(_ reader: inout ByteReader) throws(Failure) -> Node {
        let tag = try reader.byte()
        let mode = try reader.number(UInt16.self)
        guard mode <= 0o7777 else { throw reader.damaged("the mode \(mode) has foreign bits") }
        let uid = try reader.number(UInt32.self)
        let gid = try reader.number(UInt32.self)
        let modified = try reader.signed()
        let count = try reader.number(Int.self)
        guard count <= maximumAttributes else { throw reader.damaged("\(count) attributes are too many") }
        var attributes: [Metadata.Attribute] = []
        for _ in 0..<count {
            let name = try reader.string(limit: 255)
            if let last = attributes.last, !last.name.lexicographicallyPrecedes(name) {
                throw reader.damaged("attributes are out of order")
            }
            attributes.append(.init(name: name, value: try reader.string(limit: maximumAttributeSize)))
        }
        let metadata = Metadata(mode: mode, uid: uid, gid: gid, modified: modified, attributes: attributes)
        return Node(metadata, try decodeKind(tag, &reader))
    }

    private static func decodeKind(_ tag: UInt8, _ reader: inout ByteReader) throws(Failure) -> Node.Kind {
        switch tag {
        case 1, 2:
            let size = UInt64(try reader.number(Int64.self))
            let links = try reader.number(UInt32.self)
            guard links > 0 else { throw reader.damaged("a file has no name") }
            let digest = try reader.digest()
            return .file(FileContent(size: size, form: tag == 1 ? .whole(digest) : .extents(digest)), links: links)
        case 3: return .directory(try reader.digest())
        case 4: return .symlink(target: try reader.string(limit: TreePath.maximumLength))
        case 5: return .hardLink(try path(&reader))
        case 6: return .characterDevice(major: try reader.number(UInt32.self), minor: try reader.number(UInt32.self))
        case 7: return .blockDevice(major: try reader.number(UInt32.self), minor: try reader.number(UInt32.self))
        case 8: return .fifo
        default: throw reader.damaged("the kind \(tag) is unknown")
        }
    }

    /// Steps over a node.
    static func skipNode(_ reader: inout ByteReader) throws(Failure) {
        let tag = try reader.byte()
        // Mode, owner, group, time.
        for _ in 0..<4 { try reader.skipNumber() }
        for _ in 0..<2 * min(try reader.number(), UInt64(maximumAttributes)) {
            _ = try reader.skipString(limit: maximumAttributeSize)
        }
        switch tag {
        case 1, 2:
            for _ in 0..<2 { try reader.skipNumber() }
            try reader.skip(Digest.byteCount)
        case 3: try reader.skip(Digest.byteCount)
        case 4, 5: _ = try reader.skipString(limit: TreePath.maximumLength)
        case 6, 7: for _ in 0..<2 { try reader.skipNumber() }
        case 8: break
        default: throw reader.damaged("the kind \(tag) is unknown")
        }
    }

    private static func path(_ reader: inout ByteReader) throws(Failure) -> TreePath {
        let bytes = try reader.string(limit: TreePath.maximumLength)
        guard let path = try? TreePath(parsing: bytes), path.bytes == bytes, !path.isRoot else {
            throw reader.damaged("a hard link has no valid path")
        }
        return path
    }

    /// What keeps a node from being stored: something that `decode` would refuse. Nil where nothing does.
    static func defect(of node: Node) -> String? {
        let attributes = node.metadata.attributes
        if attributes.count > maximumAttributes { return "more than \(maximumAttributes) extended attributes" }
        if attributes.contains(where: { $0.name.count > 255 || $0.value.count > maximumAttributeSize }) {
            return "an extended attribute that is too long"
        }
        if zip(attributes, attributes.dropFirst()).contains(where: { !$0.name.lexicographicallyPrecedes($1.name) }) {
            return "extended attributes that are not in order"
        }
        switch node.kind {
        case .symlink(let target) where target.isEmpty || target.contains(0) || target.count >= TreePath.maximumLength:
            return "a target that is no path"
        case .hardLink(let file) where file.isRoot || file.bytes.count > TreePath.maximumLength:
            return "a target that no file can have"
        case .file(let content, _) where content.size > UInt64(Int64.max): return "a size that no file can have"
        default: return nil
        }
    }
}
