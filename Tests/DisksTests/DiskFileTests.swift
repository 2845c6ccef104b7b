import Disks
import Platform
import TestSupport
import Testing

/// Forms of disk files, with qemu-img at the other end.
@Suite(.enabled(if: Shell.has("qemu-img"), "needs qemu-img: apt-get install qemu-utils")) struct DiskFileTests {
    /// A disk with data at its beginning, in its middle and at its end; 41 MiB and a sector.
    private static let disk = """
        truncate -s 42992128 disk; head -c 300000 /dev/urandom | dd of=disk conv=notrunc 2>/dev/null
        yes text | head -c 3000000 | dd of=disk bs=1M seek=20 conv=notrunc 2>/dev/null; printf end | dd of=disk bs=1 seek=42992125 conv=notrunc 2>/dev/null

        """

    private static func expand(_ path: String, _ form: DiskForm, to target: String) throws -> UInt64 {
        let copy = try FileDescriptor.open(target, .create)
        return try DiskFile.expand(try FileDescriptor.open(path, .read), form, to: copy)
    }

    @Test("what qemu-img writes is read as the disk that it was, and stays sparse")
    func reading() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                Self.disk + """
                    qemu-img convert -O vpc -o force_size=on disk dynamic; qemu-img convert -O vpc -o subformat=fixed,force_size=on disk fixed
                    qemu-img convert -O vmdk disk sparse; qemu-img convert -O vmdk -o subformat=streamOptimized disk stream
                    """, in: folder)
            for (name, form) in [
                ("disk", DiskForm.raw), ("dynamic", .vhd), ("fixed", .vhd), ("sparse", .vmdk), ("stream", .vmdk),
            ] {
                #expect(try Self.expand("\(folder)/\(name)", form, to: "\(folder)/\(name).raw") == 42_992_128, "\(name)")
                try Shell.run("cmp disk \(name).raw", in: folder)
                #expect(try Files.status("\(folder)/\(name).raw").allocated < 10 << 20, "\(name)")
            }
        }
    }

    @Test("what is written qemu-img checks and reads as the same disk, and so does the reader; the same disk gives the same file")
    func writing() throws {
        try withTemporaryFolder { folder in
            try Shell.run(Self.disk, in: folder)
            let disk = try FileDescriptor.open(folder + "/disk", .read)
            for (name, form, format) in [("vhd", DiskForm.vhd, "vpc"), ("vmdk", .vmdk, "vmdk")] {
                let file = try FileDescriptor.open("\(folder)/\(name)", .create)
                try DiskFile.write(disk, form, to: file)
                try DiskFile.write(disk, form, to: try FileDescriptor.open("\(folder)/\(name).again", .create))
                let said = try Shell.run(
                    """
                    cmp \(name) \(name).again; qemu-img info -f \(format) \(name) | grep 'virtual size'
                    qemu-img compare -f raw -F \(format) disk \(name)
                    """, in: folder)
                #expect(said.contains("(42992128 bytes)") && said.contains("Images are identical."), "\(name): \(said)")
                #expect(try Self.expand("\(folder)/\(name)", form, to: "\(folder)/\(name).raw") == 42_992_128)
                try Shell.run("cmp disk \(name).raw", in: folder)
            }
            #expect(try Shell.run("qemu-img check -f vmdk vmdk", in: folder).contains("No errors"))
        }
    }

    @Test("disks that are half of one, or in other files, are refused by name")
    func refused() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                Self.disk + """
                    qemu-img convert -O vmdk -o subformat=monolithicFlat disk flat; qemu-img convert -O vmdk disk base
                    qemu-img create -q -f vmdk -b base -F vmdk delta
                    """, in: folder)
            for (name, form) in [("flat", DiskForm.vmdk), ("delta", .vmdk), ("disk", .vmdk), ("disk", .vhd)] {
                let error = #expect(throws: DiskError.self, "\(name)") {
                    try Self.expand("\(folder)/\(name)", form, to: "\(folder)/\(name).\(form)")
                }
                #expect(error?.kind == (name == "delta" ? .unsupported : .invalid), "\(name): \(String(describing: error))")
            }
        }
    }

    @Test("cut off and with bytes that change, files are read or refused, within what their size allows")
    func damaged() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                truncate -s 3M disk; yes text | head -c 200000 | dd of=disk conv=notrunc 2>/dev/null
                qemu-img convert -O vpc disk vhd; qemu-img convert -O vmdk disk vmdk
                qemu-img convert -O vmdk -o subformat=streamOptimized disk stream
                """, in: folder)
            var random = SeededRandom(5)
            var refused = 0
            for (name, form) in [("vhd", DiskForm.vhd), ("vmdk", .vmdk), ("stream", .vmdk)] {
                let bytes = try Files.read("\(folder)/\(name)")
                func check(_ changed: [UInt8]) throws {
                    let file = try FileDescriptor.anonymous(in: folder)
                    try file.write(changed)
                    let target = try FileDescriptor.anonymous(in: folder)
                    do throws(DiskError) { _ = try DiskFile.expand(file, form, to: target) } catch {
                        #expect(error.kind != .noSpace, "\(error)")
                        refused += 1
                    }
                }
                for _ in 0..<40 { try check(Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)])) }
                // Headers and tables are at the beginning and at the end.
                let places = Array(0..<2048) + Array(bytes.count - 2048..<bytes.count)
                let marks = places.filter { bytes[$0] != 0 }
                for _ in 0..<120 {
                    var changed = bytes
                    for _ in 0..<Int.random(in: 1...3, using: &random) {
                        changed[marks[Int.random(in: 0..<marks.count, using: &random)]] = UInt8.random(
                            in: 0...255, using: &random)
                    }
                    try check(changed)
                }
            }
            #expect(refused > 100)
        }
    }
}
