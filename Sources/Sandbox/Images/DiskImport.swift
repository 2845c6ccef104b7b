import Crypto
import Disks
import Ext4
import ImageStore
import Model
import Platform

/// Reads the root file system of a disk into a tree: the one that the disk is, or the one in a partition (`RootChoice`).
///
/// Other partitions are not looked into any further: what a machine would mount at `/boot` or `/home` is not in the tree. A disk in which
/// no root is found is `Failure(.invalid)`, with the reason.
package struct DiskImport: Sendable {
    private let path: String
    private let writer: any ObjectWriter
    private let environment: Environment

    /// `path` is a file with the bytes of the disk.
    package init(_ path: String, into writer: any ObjectWriter, environment: Environment) {
        self.path = path
        self.writer = writer
        self.environment = environment
    }

    package struct Result: Sendable {
        package let root: Digest
        /// The sum of the sizes of the files.
        package let bytes: UInt64
        package let files: Int
        /// Where the file system was; nil for the whole disk.
        package let partition: Partition?
        /// Whether something says that it is the root of a system, and not only the one file system that there is.
        package let isCertain: Bool
    }

    package func run() throws(Failure) -> Result {
        let candidate = try candidate()
        let read = try Ext4Import(path, range: candidate.partition?.range, into: writer, environment: environment).run()
        return Result(
            root: read.root, bytes: read.bytes, files: read.files, partition: candidate.partition,
            isCertain: candidate.isCertain)
    }

    private func candidate() throws(Failure) -> RootCandidate {
        do throws(Ext4Error) { return try RootCandidate(path, partition: nil) } catch {
            // A disk with a partition table is no file system from its first byte on; one without one should have been.
            let tables = try tables()
            guard !tables.isEmpty else {
                throw Failure(
                    error.kind == .io ? .io : .invalid, "there is neither a file system nor a partition table on the disk",
                    cause: error)
            }
            return try choose(tables)
        }
    }

    private func tables() throws(Failure) -> [PartitionTable] {
        let disk = try open()
        do throws(DiskError) { return try PartitionTable.read(disk) } catch {
            throw Failure(
                error.kind == .io ? .io : .invalid, "the partition table of the disk cannot be read: \(error)", cause: error)
        }
    }

    private func open() throws(Failure) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(path, .read) } catch {
            throw Failure(.io, "the disk cannot be read", cause: error)
        }
    }

    /// Of two readings of a table the first one with a file system counts.
    private func choose(_ tables: [PartitionTable]) throws(Failure) -> RootCandidate {
        var refused: [String] = []
        for table in tables {
            var candidates: [RootCandidate] = []
            for partition in table.partitions {
                if environment.cancellation.isCancelled { throw Failure(.cancelled, "the import was cancelled") }
                do throws(Ext4Error) { candidates.append(try RootCandidate(path, partition: partition)) } catch {
                    if error.kind == .io { throw Failure(.io, "the disk cannot be read", cause: error) }
                    if refused.count < 8 { refused.append("\(partition.number): \(error.description)") }
                }
            }
            if candidates.isEmpty { continue }
            if let root = RootCandidate.root(among: candidates) { return root }
            let numbers = candidates.compactMap { $0.partition.map { "\($0.number)" } }.joined(separator: ", ")
            throw Failure(
                .invalid, "the partitions \(numbers) have file systems, and nothing says which of them is the root",
                hint: "give the root's partition its type of the Discoverable Partitions Specification, or the label root")
        }
        let found = refused.isEmpty ? "the table is empty" : refused.joined(separator: "; ")
        throw Failure(.invalid, "no partition of the disk has a file system of ext2, ext3 or ext4 that can be read: \(found)")
    }
}
