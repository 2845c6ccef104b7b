import CLinux
import ImageStore
import Model
import Platform

/// Reads the writable layer of a mounted tree: what programs changed, as the root of the namespaces sees it, so that the kernel has
/// translated owners, access control lists and file capabilities already.
///
/// Contents are read where the file changed since the last scan only. That is told by its time of change, which no program can set.
struct LayerScan {
    let mounted: MountedTree
    /// Gets the contents.
    let writer: any ObjectWriter
    let environment: Environment

    /// The contents of all files of a layer, which the next scan need not read again.
    struct Memory {
        fileprivate var contents: [[UInt8]: Known] = [:]
        /// The latest time of change, in nanoseconds since 1970.
        fileprivate var newest: Int64 = .min
        /// How far times of change may lie behind the order of what happened: the kernel's clock for files ticks.
        fileprivate static let tick: Int64 = 20_000_000

        fileprivate struct Known {
            let inode: UInt64
            let changed: Int64
            let content: FileContent
        }
    }

    /// The root of the layer. `memory` is that of the last scan, and then that of this one.
    func run(_ memory: inout Memory) throws(Failure) -> LayerNode {
        if let layer = try scan(&memory, since: memory.newest == .min ? 0 : memory.newest - Memory.tick) { return layer }
        // The host's clock went back: times of change say nothing.
        memory = Memory()
        guard let layer = try scan(&memory, since: 0) else { throw Self.damaged("a file without contents") }
        return layer
    }

    /// Nil where a file's content did not come and is not known.
    private func scan(_ memory: inout Memory, since: Int64) throws(Failure) -> LayerNode? {
        do {
            let pipe = try Pipe()
            let null = try FileDescriptor.open("/dev/null", .readWrite)
            var process = try mounted.start(
                { $0.scan(mounted.places.upper, changedSince: since) }, descriptors: [null.raw, pipe.writeEnd.raw, null.raw])
            var reader = ScanReader(pipe.reading())
            let layer = try read(&reader, &memory)
            _ = process.wait()
            return layer
        } catch let failure as Failure { throw failure } catch {
            throw Failure(.io, "what the program changed cannot be read back", cause: error)
        }
    }

    private func read(_ reader: inout ScanReader, _ memory: inout Memory) throws -> LayerNode? {
        var next = Memory()
        var earlier: [UInt64: FileContent] = [:]
        guard let root = try readRecord(&reader) else { throw Self.damaged("no root") }
        while let record = try readRecord(&reader) {
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
            if record.node.isRegular {
                guard let content = try content(record, &reader, memory, &earlier) else { return nil }
                record.node.content = content
                next.contents[record.path] = .init(inode: record.node.inode, changed: record.changed, content: content)
            }
            next.newest = max(next.newest, record.changed)
            try root.node.insert(record.node, at: record.path)
        }
        memory = next
        return root.node
    }

    /// The bytes that a layer takes; nil where that cannot be told.
    func size() -> UInt64? { try? walkedSize() }

    private func walkedSize() throws -> UInt64 {
        let pipe = try Pipe()
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let process = try mounted.start(
            { $0.scan(mounted.places.upper, changedSince: .max) }, descriptors: [null.raw, pipe.writeEnd.raw, null.raw])
        _ = process.process
        var reader = ScanReader(pipe.reading())
        var size: UInt64 = 0
        while let record = try readRecord(&reader) { size += record.node.size }
        return size
    }

    // MARK: Records

    private struct Record {
        let path: [UInt8]
        let node: LayerNode
        let changed: Int64
        let content: UInt32
    }

    /// Nil at the end.
    private func readRecord(_ reader: inout ScanReader) throws -> Record? {
        let head = try reader.record()
        if head.magic == CLINUX_SCAN_END { return nil }
        let path = try reader.bytes(Int(head.path_length))
        if head.magic == CLINUX_SCAN_ERROR {
            let error = SystemError(
                "scan", "/" + String(decoding: path, as: UTF8.self), errno: Int32(truncatingIfNeeded: head.mode))
            throw Failure(
                error.errno == 40 || error.errno == 36 ? .exhausted : .io,
                "what the program changed cannot be read back: at /\(String(decoding: path.suffix(200), as: UTF8.self))",
                cause: error)
        }
        guard head.magic == CLINUX_SCAN_MAGIC else { throw Self.damaged("a record that is none") }
        let target = try reader.bytes(Int(head.target_length))
        let attributes = try Self.attributes(try reader.bytes(Int(head.attributes_length)))
        let node = LayerNode(
            mode: head.mode, uid: head.uid, gid: head.gid, major: head.major, minor: head.minor, target: target,
            modified: Self.nanoseconds(head.modified_seconds, head.modified_nanoseconds), attributes: attributes,
            inode: head.inode, links: head.links, allocated: head.blocks * 512)
        return Record(
            path: path, node: node, changed: Self.nanoseconds(head.changed_seconds, head.changed_nanoseconds),
            content: head.content)
    }

    /// The content of a regular file; nil where it is not in the stream and not known.
    private func content(
        _ record: Record, _ reader: inout ScanReader, _ memory: Memory, _ earlier: inout [UInt64: FileContent]
    ) throws -> FileContent? {
        switch record.content {
        case CLINUX_SCAN_FOLLOWS.rawValue:
            let content = try storeContent(&reader)
            if record.node.links > 1 { earlier[record.node.inode] = content }
            return content
        case CLINUX_SCAN_EARLIER.rawValue: return earlier[record.node.inode]
        default:
            guard let known = memory.contents[record.path], known.inode == record.node.inode, known.changed == record.changed
            else {
                return nil
            }
            return known.content
        }
    }

    private func storeContent(_ reader: inout ScanReader) throws -> FileContent {
        var chunker = Chunker(into: writer)
        var position: UInt64 = 0
        var isAtEnd = false
        while !isAtEnd {
            let offset = try reader.number(UInt64.self)
            let length = try reader.number(UInt32.self)
            guard offset >= position else { throw Self.damaged("contents out of order") }
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
            if offset > position { try chunker.appendHole(offset - position) }
            let bytes = try reader.bytes(Int(length))
            try chunker.append(bytes.span)
            position = offset + UInt64(length)
            isAtEnd = length == 0
        }
        return try chunker.finish()
    }

    private static func attributes(_ bytes: [UInt8]) throws -> [Metadata.Attribute] {
        var attributes: [Metadata.Attribute] = []
        var at = 0
        func text() throws -> [UInt8] {
            guard at + 4 <= bytes.count else { throw damaged("attributes cut off") }
            let length = (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
            at += 4
            guard at + length <= bytes.count else { throw damaged("attributes cut off") }
            defer { at += length }
            return Array(bytes[at..<at + length])
        }
        while at < bytes.count { attributes.append(.init(name: try text(), value: try text())) }
        return attributes
    }

    /// Nanoseconds since 1970; a time before 1678 or after 2262 becomes the nearest there is.
    private static func nanoseconds(_ seconds: Int64, _ rest: UInt32) -> Int64 {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(Int64(rest))
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }

    private static func damaged(_ what: String) -> Failure {
        Failure(.io, "what the program changed cannot be read back: the stream has \(what)")
    }
}
