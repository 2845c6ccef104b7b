import Disks
import Platform
import TestSupport
import Testing

/// What form a file has, and forms that a header makes larger than they are.
@Suite struct DiskFormTests {
    private static func file(_ bytes: [UInt8], in folder: String) throws -> FileDescriptor {
        let file = try FileDescriptor.anonymous(in: folder)
        try file.write(bytes)
        return file
    }

    private static func disk(size: Int, in folder: String) throws -> FileDescriptor {
        let disk = try FileDescriptor.anonymous(in: folder)
        try disk.truncate(to: size)
        try disk.write([UInt8](repeating: 7, count: 1000).span, at: 100_000)
        return disk
    }

    @Test("what is written in a form is seen to be of it")
    func written() throws {
        try withTemporaryFolder { folder in
            let disk = try Self.disk(size: 3 << 20, in: folder)
            for form in [DiskForm.vhd, .vmdk] {
                let file = try FileDescriptor.anonymous(in: folder)
                try DiskFile.write(disk, form, to: file)
                let found = try DiskFile.form(of: file)
                #expect(found == form)
            }
        }
    }

    @Test("raw disks are seen by their tables or file system, archives are none, and other forms are named")
    func marks() throws {
        func form(_ marks: [(place: Int, mark: [UInt8])]) throws -> DiskForm? {
            try withTemporaryFolder { folder in
                var bytes = [UInt8](repeating: 0, count: marks.isEmpty ? 0 : 10_000)
                for (place, mark) in marks { bytes.replaceSubrange(place..<place + mark.count, with: mark) }
                return try DiskFile.form(of: Self.file(bytes, in: folder))
            }
        }
        let known: [(place: Int, mark: [UInt8], form: DiskForm?)] = [
            (512, Array("EFI PART".utf8), .raw), (4096, Array("EFI PART".utf8), .raw), (510, [0x55, 0xAA], .raw),
            (1080, [0x53, 0xEF], .raw), (257, Array("ustar".utf8), nil), (0, [0x1F, 0x8B], nil),
            (10_000 - 512, Array("conectix".utf8), .vhd), (0, Array("KDMV".utf8), .vmdk),
        ]
        for (place, mark, expected) in known {
            let found = try form([(place, mark)])
            #expect(found == expected, "\(place)")
        }
        let empty = try form([])
        #expect(empty == nil)
        let others: [(mark: [UInt8], name: String)] = [
            (Array("vhdxfile".utf8), "VHDX"), (Array("<<< Oracle".utf8), "VDI"), (Array("# Disk DescriptorFile".utf8), "VMDK"),
            (Array("QFI".utf8) + [0xFB], "qcow2"),
        ]
        for (mark, name) in others {
            let error = #expect(throws: DiskError.self) { _ = try form([(0, mark)]) }
            #expect(error?.kind == .unsupported && error?.description.contains(name) == true)
        }
        let ova = #expect(throws: DiskError.self) { _ = try form([(0, Array("disk.ovf".utf8)), (257, Array("ustar".utf8))]) }
        #expect(ova?.description.contains("OVA") == true)
    }

    /// A sector with a checksum of the complement of all bytes at a place.
    private static func sealed(_ sector: [UInt8], at place: Int) -> [UInt8] {
        var sector = sector
        sector.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0])
        let sum = ~sector.reduce(UInt32(0)) { $0 &+ UInt32($1) }
        for index in 0..<4 { sector[place + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
        return sector
    }

    private static func footer(size: UInt64, kind: UInt8, header: UInt64) -> [UInt8] {
        var footer = [UInt8](repeating: 0, count: 512)
        footer.replaceSubrange(0..<8, with: "conectix".utf8)
        for index in 0..<8 {
            footer[16 + index] = UInt8(truncatingIfNeeded: header >> UInt64(56 - 8 * index))
            footer[48 + index] = UInt8(truncatingIfNeeded: size >> UInt64(56 - 8 * index))
        }
        footer[63] = kind
        return sealed(footer, at: 64)
    }

    @Test("a fixed VHD whose file has more than its disk gives the disk alone")
    func longer() throws {
        try withTemporaryFolder { folder in
            let file = try FileDescriptor.anonymous(in: folder)
            try file.write(Self.footer(size: 4096, kind: 2, header: 0).span, at: (1 << 20) - 512)
            let target = try FileDescriptor.anonymous(in: folder)
            let size = try DiskFile.expand(file, .vhd, to: target)
            let written = try target.size()
            #expect(size == 4096 && written == 4096)
        }
    }

    @Test("a block of 256 MiB is read in pieces, and stays sparse")
    func largeBlocks() throws {
        try withTemporaryFolder { folder in
            let block = 256 << 20
            let file = try FileDescriptor.anonymous(in: folder)
            let footer = Self.footer(size: UInt64(block), kind: 3, header: 512)
            var header = [UInt8](repeating: 0, count: 1024)
            header.replaceSubrange(0..<8, with: "cxsparse".utf8)
            // The table lies behind the header, has one block, and that lies behind it and its bitmap of 64 KiB.
            header[22] = 6
            header[31] = 1
            header[32] = 0x10
            var table = [UInt8](repeating: 0xFF, count: 512)
            table.replaceSubrange(0..<4, with: [0, 0, 0, 4])
            try file.write((footer + Self.sealed(header, at: 36) + table).span, at: 0)
            let data = 4 * 512 + 65536
            for place in [0, 100 << 20, block - 4096] {
                try file.write([UInt8](repeating: 9, count: 4096).span, at: data + place)
            }
            try file.write(footer.span, at: data + block)
            let target = try FileDescriptor.anonymous(in: folder)
            var places: [UInt64] = []
            let size = try DiskFile.expand(
                file, .vhd, to: target,
                goesOn: { position in
                    places.append(position)
                    return true
                })
            #expect(size == UInt64(block) && places.count >= 3 && places.contains { $0 > 99 << 20 && $0 <= 100 << 20 })
            var read = [UInt8](repeating: 0, count: 1)
            for place in [0, 100 << 20, block - 1] {
                _ = try target.read(into: &read, count: 1, at: place)
                #expect(read == [9], "\(place)")
            }
            let allocated = try target.status().allocated
            #expect(allocated < 4 << 20)
            do throws(DiskError) {
                _ = try DiskFile.expand(file, .vhd, to: target, goesOn: { $0 < 1 << 20 })
                Issue.record("the disk was read to its end")
            } catch { #expect(error.kind == .cancelled) }
        }
    }
}
