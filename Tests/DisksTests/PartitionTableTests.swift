import Disks
import Platform
import TestSupport
import Testing

/// Partition tables that util-linux made, and such as nobody would make.
@Suite(.enabled(if: Shell.has("sfdisk") && Shell.has("fdisk"), "needs sfdisk: apt-get install fdisk"))
struct PartitionTableTests {
    private static let mebibyte: UInt64 = 1 << 20
    private static let root = "4f68bce3-e8cd-4db1-96e7-fbcaf984b709"
    private static let linux = "0fc63daf-8483-4772-8e79-3d69d8477de4"

    private static func read(_ path: String) throws -> [PartitionTable] {
        try PartitionTable.read(try FileDescriptor.open(path, .read))
    }

    /// A disk of 64 MiB with what sfdisk makes of a script.
    private static func disk(_ script: String, in folder: String) throws -> String {
        try Shell.run("truncate -s 64M disk; sfdisk -q disk <<'END'\n\(script)\nEND", in: folder)
        return folder + "/disk"
    }

    private static let gpt = """
        label: gpt
        start=2048, size=8192, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI"
        start=10240, size=20480, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name="Wurzel / root"
        start=40960, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
        """

    @Test("a GPT of sfdisk is read as it was asked for")
    func guid() throws {
        try withTemporaryFolder { folder in
            let table = try #require(try Self.read(try Self.disk(Self.gpt, in: folder)).first)
            #expect(table.scheme == .gpt && table.sectorSize == 512 && !table.isBackup)
            #expect(table.partitions.map(\.number) == [1, 2, 3])
            #expect(table.partitions.map(\.name) == ["EFI", "Wurzel / root", ""])
            #expect(table.partitions[1].range == 5 * Self.mebibyte..<15 * Self.mebibyte)
            #expect(table.partitions[1].kind == .gpt(.rootX86) && table.partitions[2].kind == .gpt(.linux))
            // sfdisk leaves room for the table at the end.
            #expect(table.partitions[2].range.lowerBound == 20 * Self.mebibyte)
            #expect(63 * Self.mebibyte...64 * Self.mebibyte - 33 * 512 ~= table.partitions[2].range.upperBound)
        }
    }

    @Test("primary and logical partitions of an MBR are found, numbered as Linux does")
    func boot() throws {
        try withTemporaryFolder { folder in
            let script = """
                label: dos
                start=2048, size=2048, type=83
                start=4096, size=2048, type=82
                start=8192, type=5
                start=10240, size=2048, type=83
                start=16384, size=4096, type=83
                """
            let tables = try Self.read(try Self.disk(script, in: folder))
            let table = try #require(tables.first)
            #expect(table.scheme == .mbr && table.sectorSize == 512)
            #expect(table.partitions.map(\.number) == [1, 2, 5, 6])
            #expect(table.partitions.map { $0.range.lowerBound / 512 } == [2048, 4096, 10240, 16384])
            #expect(table.partitions.map { UInt64($0.range.count) / 512 } == [2048, 2048, 2048, 4096])
            #expect(table.partitions[1].kind == .mbr(0x82))
        }
    }

    @Test("disks with sectors of 4096 bytes are read, with both tables")
    func largeSectors() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                truncate -s 64M gpt mbr
                printf 'g\\nn\\n\\n\\n+8M\\nn\\n\\n\\n\\nw\\n' | fdisk -b 4096 gpt >/dev/null
                printf 'o\\nn\\np\\n1\\n512\\n+8M\\nn\\ne\\n2\\n2560\\n\\nn\\nl\\n\\n+4M\\nw\\n' | fdisk -b 4096 mbr >/dev/null
                """, in: folder)
            let gpt = try #require(try Self.read(folder + "/gpt").first)
            #expect(gpt.scheme == .gpt && gpt.sectorSize == 4096)
            #expect(gpt.partitions.first?.range == Self.mebibyte..<9 * Self.mebibyte)
            let mbr = try Self.read(folder + "/mbr")
            let large = try #require(mbr.first { $0.sectorSize == 4096 })
            #expect(large.partitions.map(\.number) == [1, 5])
            #expect(large.partitions.first?.range == 2 * Self.mebibyte..<2 * Self.mebibyte + 8 * Self.mebibyte)
            // The same entries, as they would be on an ordinary disk, come first.
            #expect(mbr.first?.sectorSize == 512)
        }
    }

    @Test("a damaged table gives way to the one at the end, and two damaged ones are an error")
    func backup() throws {
        try withTemporaryFolder { folder in
            let path = try Self.disk(Self.gpt, in: folder)
            let sound = try #require(try Self.read(path).first)
            let bytes = try Files.read(path)
            // The header's checksum, its place, an entry.
            for place in [512 + 17, 512 + 24, 1024 + 40] {
                var changed = bytes
                changed[place] ^= 1
                try Files.writeDurably(folder + "/changed", changed)
                let table = try #require(try Self.read(folder + "/changed").first)
                #expect(table.isBackup && table.partitions == sound.partitions)
                changed[bytes.count - 512 + 17] ^= 1
                try Files.writeDurably(folder + "/changed", changed)
                #expect(throws: DiskError.self) { try Self.read(folder + "/changed") }
            }
            // Without its protective MBR it is what somebody left behind.
            var changed = bytes
            changed.replaceSubrange(446..<510, with: [UInt8](repeating: 0, count: 64))
            try Files.writeDurably(folder + "/changed", changed)
            #expect(try Self.read(folder + "/changed").isEmpty)
        }
    }

    @Test("what is written as a disk of one partition satisfies sfdisk, and is read again")
    func writing() throws {
        try withTemporaryFolder { folder in
            let layout = DiskLayout(size: 1 << 30, content: 5_000_000)
            let file = try FileDescriptor.open(folder + "/disk", .create)
            try layout.write(to: file, type: .rootX86, name: "root \u{1F333}", identity: Array(1...32))
            #expect(try file.size() == 1 << 30 && layout.size == 1 << 30)
            let dump = try Shell.run("sfdisk --verify disk 2>&1; sfdisk -d disk", in: folder)
            #expect(dump.contains("No errors detected"), "\(dump)")
            #expect(
                dump.contains("start=        2048, size=     2093056, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"), "\(dump)")
            #expect(dump.contains("name=\"root "))
            #expect(dump.contains("label-id: 04030201-0605-4807-890A-0B0C0D0E0F10"), "\(dump)")
            #expect(try Shell.run("fdisk -l disk 2>&1", in: folder).contains("Linux root (x86-64)"))
            let table = try #require(try Self.read(folder + "/disk").first)
            #expect(
                table.partitions == [Partition(number: 1, range: layout.partition, kind: .gpt(.rootX86), name: "root \u{1F333}")])
            // Both tables stand for themselves.
            try file.write([UInt8](repeating: 0, count: 512).span, at: 512)
            #expect(try Self.read(folder + "/disk").first?.partitions == table.partitions)
            // One that is too small for its content grows.
            #expect(DiskLayout(size: 1 << 20, content: 5_000_000).size == 7 << 20)
        }
    }
}
