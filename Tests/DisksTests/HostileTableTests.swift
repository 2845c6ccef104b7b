import Disks
import Platform
import TestSupport
import Testing
import Zlib

/// Partition tables that mean harm: each is read or refused, and no partition leaves its disk.
@Suite struct HostileTableTests {
    private static let sectors = 4096

    private static func read(_ bytes: [UInt8], in folder: String) throws -> [PartitionTable] {
        let file = try FileDescriptor.anonymous(in: folder)
        try file.write(bytes)
        return try PartitionTable.read(file)
    }

    private static func put(_ number: UInt64, _ count: Int, at place: Int, _ bytes: inout [UInt8]) {
        for index in 0..<count { bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
    }

    /// A sector with entries of an MBR.
    private static func boot(_ entries: [(type: UInt8, first: UInt64, count: UInt64)], at sector: Int = 0, _ disk: inout [UInt8])
    {
        for (index, entry) in entries.enumerated() {
            let place = sector * 512 + 446 + 16 * index
            disk[place + 4] = entry.type
            put(entry.first, 4, at: place + 8, &disk)
            put(entry.count, 4, at: place + 12, &disk)
        }
        disk[sector * 512 + 510] = 0x55
        disk[sector * 512 + 511] = 0xAA
    }

    /// A GPT with entries of 128 bytes from sector 2 on, or what the header says instead.
    private static func gpt(
        _ entries: [(first: UInt64, last: UInt64)], count: UInt64? = nil, size: UInt64 = 128, start: UInt64 = 2
    ) -> [UInt8] {
        var disk = [UInt8](repeating: 0, count: sectors * 512)
        boot([(0xEE, 1, UInt64(sectors - 1))], &disk)
        for (index, entry) in entries.enumerated() {
            let place = 1024 + 128 * index
            disk[place] = 7
            put(entry.first, 8, at: place + 32, &disk)
            put(entry.last, 8, at: place + 40, &disk)
        }
        let array = Array(disk[1024..<1024 + 128 * entries.count])
        disk.replaceSubrange(512..<520, with: Array("EFI PART".utf8))
        put(0x10000, 4, at: 520, &disk)
        put(92, 4, at: 524, &disk)
        put(1, 8, at: 512 + 24, &disk)
        put(start, 8, at: 512 + 72, &disk)
        put(count ?? UInt64(entries.count), 4, at: 512 + 80, &disk)
        put(size, 4, at: 512 + 84, &disk)
        put(UInt64(Zlib.crc32(array)), 4, at: 512 + 88, &disk)
        put(UInt64(Zlib.crc32(Array(disk[512..<604]))), 4, at: 512 + 16, &disk)
        return disk
    }

    @Test("a chain of logical partitions that leads back, or out of its disk, ends")
    func chains() throws {
        try withTemporaryFolder { folder in
            var disk = [UInt8](repeating: 0, count: Self.sectors * 512)
            Self.boot([(0x05, 100, 2000)], &disk)
            Self.boot([(0x83, 10, 20), (0x05, 100, 50)], at: 100, &disk)
            Self.boot([(0x83, 10, 20), (0x05, 0, 50)], at: 200, &disk)
            let partitions = try #require(try Self.read(disk, in: folder).first).partitions
            #expect(partitions.map(\.number) == [5, 6] && partitions.map { $0.range.lowerBound / 512 } == [110, 210])
            // To itself, without a partition on the way.
            Self.boot([(0, 0, 0), (0x05, 100, 50)], at: 200, &disk)
            #expect(try Self.read(disk, in: folder).first?.partitions.count == 1)
            // Out of the extended partition, and of the disk.
            for link: UInt64 in [2000, 3990, 0xFFFF_FFFF] {
                Self.boot([(0x83, 10, 20), (0x05, link, 50)], at: 100, &disk)
                #expect(try Self.read(disk, in: folder).first?.partitions.count == 1)
            }
        }
    }

    @Test("more logical partitions than Linux takes are not followed")
    func many() throws {
        try withTemporaryFolder { folder in
            var disk = [UInt8](repeating: 0, count: Self.sectors * 512)
            Self.boot([(0x0F, 1, 4000)], &disk)
            for index in 0..<1000 { Self.boot([(0x83, 1, 1), (0x05, UInt64(2 * index + 2), 1)], at: 2 * index + 1, &disk) }
            let table = try Self.read(disk, in: folder).first
            #expect(table?.partitions.count == 252)
        }
    }

    @Test("sectors of 2^64 and entries beyond the disk are left out or cut, and such as overlap stay")
    func places() throws {
        try withTemporaryFolder { folder in
            let huge = UInt64.max
            let entries: [(first: UInt64, last: UInt64)] = [
                (40, 100), (90, 200), (huge, huge), (0, huge), (50, huge), (200, 100), (huge / 512, huge), (4096, 5000), (34, 34),
            ]
            let table = try #require(try Self.read(Self.gpt(entries), in: folder).first)
            #expect(table.partitions.map(\.number) == [1, 2, 5, 9])
            #expect(table.partitions[0].range.overlaps(table.partitions[1].range))
            #expect(table.partitions[2].range == 50 * 512..<UInt64(Self.sectors) * 512)
        }
    }

    @Test("a table that announces more entries, or stranger ones, than there can be is refused")
    func counts() throws {
        try withTemporaryFolder { folder in
            let one: [(first: UInt64, last: UInt64)] = [(40, 100)]
            for (count, size, start) in [
                (0xFFFF_FFFF, 128, 2), (1, 0, 2), (1, 129, 2), (1, 64, 2), (8193, 128, 2), (1, 128, UInt64.max), (1, 128, 4096),
                (1, 4104, 2),
            ] as [(UInt64, UInt64, UInt64)] {
                #expect(throws: DiskError.self, "\(count) \(size) \(start)") {
                    try Self.read(Self.gpt(one, count: count, size: size, start: start), in: folder)
                }
            }
            let sound = try Self.read(Self.gpt(one), in: folder).first
            #expect(sound?.partitions.count == 1)
        }
    }

    @Test("cut off anywhere and with bits that flip, tables are read within their disk or refused")
    func damaged() throws {
        try withTemporaryFolder { folder in
            var logical = [UInt8](repeating: 0, count: 64 * 512)
            Self.boot([(0x83, 2, 10), (0x05, 16, 40)], &logical)
            Self.boot([(0x83, 1, 2), (0x05, 8, 8)], at: 16, &logical)
            Self.boot([(0x83, 1, 2)], at: 24, &logical)
            let gpt = Array(Self.gpt([(40, 50), (52, 60)])[..<(64 * 512)])
            var read = 0
            func check(_ disk: [UInt8]) throws {
                let file = try FileDescriptor.anonymous(in: folder)
                try file.write(disk)
                let tables: [PartitionTable]
                do throws(DiskError) { tables = try PartitionTable.read(file) } catch {
                    #expect(error.kind == .invalid)
                    return
                }
                for table in tables {
                    read += 1
                    for partition in table.partitions {
                        #expect(!partition.range.isEmpty && partition.range.upperBound <= UInt64(disk.count))
                    }
                }
            }
            for disk in [logical, gpt] {
                for end in stride(from: 0, through: disk.count, by: 61) { try check(Array(disk[..<end])) }
                for place in disk.indices where disk[place] != 0 {
                    for bit in 0..<8 {
                        var changed = disk
                        changed[place] ^= 1 << UInt8(bit)
                        try check(changed)
                    }
                }
                var random = SeededRandom(11)
                for _ in 0..<300 {
                    var changed = disk
                    for _ in 0..<6 {
                        changed[Int.random(in: 440..<2048, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                    try check(changed)
                }
            }
            #expect(read > 300)
        }
    }
}
