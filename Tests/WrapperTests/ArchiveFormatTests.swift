import Archive
import Glibc
import Testing

@Suite("Archive: formats, compressions, nesting")
struct ArchiveFormatTests {
    @Test(
        "each compression is recognised",
        arguments: ["gzip", "bzip2", "xz", "zstd", "lzma", "lz4", "compress"])
    func compressions(program: String) throws {
        guard ArchiveFixture.has(program) else { try Test.cancel("\(program) is not installed") }
        let fixture = try ArchiveFixture()
        try fixture.shell("mkdir t; seq 30000 > t/numbers; tar -C t -cf - . | \(program) -c > a")
        let all = try members(ArchiveReader(path: fixture.path("a")))
        #expect(all.last?.entry.displayPath == "./numbers")
        #expect(all.last?.content == (try fixture.bytes(of: "t/numbers")))
    }

    @Test("equal entries give equal bytes, whatever the compression", arguments: [ArchiveCompression.none, .gzip, .xz, .zstd])
    func reproducible(compression: ArchiveCompression) throws {
        let fixture = try ArchiveFixture()
        try fixture.makeTree()
        try fixture.shell("\(ArchiveRoundTripTests.create("tree", "original.tar"))")
        try fixture.rewrite("original.tar", to: "one", compression: compression)
        try fixture.shell("ls > /dev/null")
        try fixture.rewrite("original.tar", to: "two", compression: compression)
        try fixture.rewrite("one", to: "three", compression: compression)
        try fixture.shell("cmp one two; cmp one three")
        let copy = try members(ArchiveReader(path: fixture.path("one")))
        #expect(copy == (try members(ArchiveReader(path: fixture.path("original.tar")))))
    }

    @Test("a Debian package's data is read within the package", arguments: ["gzip", "xz", "zstd"])
    func debianPackage(compression: String) throws {
        let fixture = try ArchiveFixture()
        try fixture.shell(
            """
            mkdir -p p/DEBIAN p/usr; printf 'Package: x\\nVersion: 1\\nArchitecture: all\\nMaintainer: a <a@b>\\nDescription: x\\n' \
            > p/DEBIAN/control; seq 100000 > p/usr/numbers; dpkg-deb -Z\(compression) --root-owner-group -b p x.deb
            """)
        var package = try ArchiveReader(path: fixture.path("x.deb"))
        var names: [String] = []
        while let member = try package.next() {
            names.append(member.displayPath)
            guard member.displayPath.contains(".tar") else { continue }
            names += try members(package.nested(formats: .tar)).map(\.entry.displayPath)
        }
        let end = [".xz": "xz", ".gz": "gzip", ".zst": "zstd"].first { $0.value == compression }?.key ?? ""
        #expect(
            names == [
                "debian-binary", "control.tar\(end)", "./", "./control", "data.tar\(end)", "./", "./usr/", "./usr/numbers",
            ])
    }

    @Test("a nested reader refuses to go on when the outer one has")
    func staleNested() throws {
        let inner = try written([
            ArchiveMember(
                entry: ArchiveEntry(path: [0x61], kind: .file, mode: 0o644, size: 1 << 20),
                content: [UInt8](repeating: 1, count: 1 << 20))
        ])
        let bytes = try written([
            ArchiveMember(
                entry: ArchiveEntry(path: Array("inner.tar".utf8), kind: .file, mode: 0o644, size: UInt64(inner.count)),
                content: inner),
            ArchiveMember(entry: ArchiveEntry(path: [0x62], kind: .fifo, mode: 0o644), content: []),
        ])
        var rest = bytes[...]
        var outer = try ArchiveReader { () throws(ArchiveError) in
            defer { rest = rest.dropFirst(10_000) }
            return Array(rest.prefix(10_000))
        }
        _ = try outer.next()
        var nested = try outer.nested()
        #expect(try nested.next()?.path == [0x61])
        #expect(try outer.next()?.path == [0x62])
        #expect(failure { () throws(ArchiveError) in while try nested.nextBlock() != nil {} }?.kind == .misuse)
    }

    @Test("a cpio archive's last hard link carries the content")
    func cpio() throws {
        let bytes =
            Self.newc("a", mode: 0o100644, links: 2, "") + Self.newc("b", mode: 0o100644, links: 2, "hello")
            + Self.newc("s", mode: 0o120777, links: 1, "a") + Self.newc("TRAILER!!!", mode: 0, links: 1, "")
        let all = try members(ArchiveReader(bytes: bytes))
        #expect(all.map(\.entry.kind) == [.file, .hardLink(target: [0x61]), .symbolicLink(target: [0x61])])
        #expect(all.map(\.content) == [[], Array("hello".utf8), []])
    }

    /// A member in the "new ASCII" form of cpio(5): thirteen numbers of eight hexadecimal digits, name and content padded to four.
    private static func newc(_ name: String, mode: Int, links: Int, _ content: String) -> [UInt8] {
        let numbers = [7, mode, 0, 0, links, 0, content.utf8.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
        var bytes = Array("070701".utf8)
        for number in numbers {
            let digits = String(number, radix: 16)
            bytes += Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
        }
        bytes += Array(name.utf8) + [0]
        bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        bytes += Array(content.utf8)
        return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    @Test(
        "access control lists become the kernel's attribute, and the mode keeps their mask",
        .enabled(if: ArchiveFixture.has("setfacl"), "setfacl is not installed: apt install acl"))
    func accessControlLists() throws {
        let fixture = try ArchiveFixture()
        try fixture.shell(
            """
            mkdir t; printf x > t/f; chmod 640 t/f; setfacl -m u:1234:rwx,g:77:r t/f; setfacl -d -m u:1234:rx t
            tar -C t --format=pax --numeric-owner --acls -cf acls.tar .
            tar -C t --format=pax --numeric-owner --xattrs --xattrs-include='*' -cf xattrs.tar .
            setfacl -m u:daemon:r t/f; tar -C t --format=pax --acls -cf named.tar .
            """)
        let acls = try members(ArchiveReader(path: fixture.path("acls.tar"))).map(\.entry)
        #expect(acls == (try members(ArchiveReader(path: fixture.path("xattrs.tar"))).map(\.entry)))
        #expect(
            acls.map { $0.attributes.map { String(decoding: $0.name, as: UTF8.self) } } == [
                ["system.posix_acl_default"], ["system.posix_acl_access"],
            ])
        let error = failure { () throws(ArchiveError) in try members(ArchiveReader(path: fixture.path("named.tar"))) }
        #expect(error?.kind == .unsupported && error?.entry == "./f")
        #expect(error?.reason.contains("'daemon'") == true)
    }

    @Test("GNU tar's four ways to write a sparse file all keep its holes", arguments: ["gnu", "0.0", "0.1", "1.0"])
    func sparse(version: String) throws {
        let fixture = try ArchiveFixture()
        let options = version == "gnu" ? "--format=gnu" : "--format=pax --sparse-version=\(version)"
        try fixture.shell(
            """
            truncate -s 3M s; for at in 4096 1000000 2000000; do printf data | dd of=s bs=1 seek=$at conv=notrunc status=none; done
            tar \(options) -S -cf a.tar s
            """)
        let all = try members(ArchiveReader(path: fixture.path("a.tar")))
        #expect(all.first?.content == (try fixture.bytes(of: "s")))
        #expect((all.first?.entry.dataRanges?.count ?? 0) >= 3)
    }

    @Test("a descriptor is read from where it stands, and stays the caller's")
    func descriptor() throws {
        let fixture = try ArchiveFixture()
        try fixture.shell("printf junk > a; printf x > f; tar -cf - f >> a")
        let descriptor = unsafe open(fixture.path("a"), O_RDONLY)
        lseek(descriptor, 4, SEEK_SET)
        #expect(try members(ArchiveReader(descriptor: descriptor)).map(\.entry.displayPath) == ["f"])
        #expect(close(descriptor) == 0)
    }

    @Test("the bytes behind the end mark are not part of the archive")
    func trailingBytes() throws {
        let bytes = try written([ArchiveEntry(path: [0x61], kind: .fifo, mode: 0o644)])
        #expect(try members(ArchiveReader(bytes: bytes + [UInt8](repeating: 7, count: 5000))).count == 1)
    }
}
