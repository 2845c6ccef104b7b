import Archive
import Glibc
import Testing

@Suite("Archive: damage, limits and misuse")
struct ArchiveDamageTests {
    /// A small archive of each kind of extension, and its members.
    private func sample() throws -> (bytes: [UInt8], members: [ArchiveMember]) {
        let long = [UInt8](repeating: UInt8(ascii: "n"), count: 300)
        let attribute = ArchiveAttribute(name: Array("user.a".utf8), value: [1, 2, 3])
        let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var sparse = [UInt8](repeating: 0, count: 40_000)
        sparse.replaceSubrange(20_000..<20_100, with: [UInt8](repeating: 9, count: 100))
        let members = [
            ArchiveMember(entry: ArchiveEntry(path: Array("dir/".utf8), kind: .directory, mode: 0o755), content: []),
            ArchiveMember(
                entry: ArchiveEntry(path: Array("dir/file".utf8), kind: .file, mode: 0o644, size: 5000, attributes: [attribute]),
                content: content),
            ArchiveMember(
                entry: ArchiveEntry(
                    path: Array("sparse".utf8), kind: .file, mode: 0o600, size: 40_000, dataRanges: [20_000..<20_100]),
                content: sparse),
            ArchiveMember(entry: ArchiveEntry(path: long, kind: .symbolicLink(target: long), mode: 0o777), content: []),
            ArchiveMember(
                entry: ArchiveEntry(path: Array("last".utf8), kind: .file, mode: 0o644, size: 700),
                content: [UInt8](repeating: 5, count: 700)),
        ]
        return (try written(members), members)
    }

    @Test("an archive cut at any block is refused as truncated, with its offset")
    func truncatedBlocks() throws {
        let (bytes, expected) = try sample()
        #expect(try members(ArchiveReader(bytes: bytes)) == expected)
        for length in stride(from: 0, through: bytes.count - 1024, by: 512) {
            let error = failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: Array(bytes.prefix(length)))) }
            #expect(error?.kind == .truncated, "\(length): \(String(describing: error))")
        }
    }

    @Test("an archive cut at any byte is refused")
    func truncatedBytes() throws {
        let bytes = try sample().bytes
        for length in stride(from: 513, to: bytes.count - 1024, by: 61) {
            let error = failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: Array(bytes.prefix(length)))) }
            #expect(error?.kind == .truncated, "\(length): \(String(describing: error))")
        }
    }

    @Test("a compressed archive cut anywhere is refused", arguments: [ArchiveCompression.gzip, .xz, .zstd])
    func truncatedCompressed(compression: ArchiveCompression) throws {
        let (_, members) = try sample()
        let bytes = try written(members, compression)
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            let error = failure { () throws(ArchiveError) in
                try WrapperTests.members(ArchiveReader(bytes: Array(bytes.prefix(length))))
            }
            #expect(error != nil, "\(length)")
        }
    }

    @Test("the error of a cut content names the entry and the place")
    func truncationPlace() throws {
        let bytes = try sample().bytes
        let cut = Array(bytes.prefix(4096))
        let error = try #require(failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: cut)) })
        #expect(error.entry == "dir/file")
        #expect((error.offset ?? 0) > 2048 && (error.offset ?? 0) <= 4096)
        #expect(error.description.hasPrefix("cannot read the content of 'dir/file' at byte "))
    }

    @Test("a flipped bit is noticed where the compression has a checksum", arguments: ["xz", "zstd", "bzip2"])
    func flippedBits(program: String) throws {
        guard ArchiveFixture.has(program) else { try Test.cancel("\(program) is not installed") }
        let fixture = try ArchiveFixture()
        try fixture.shell("seq 2000 > numbers; tar -b 1 -cf - numbers | \(program) -c > a")
        let bytes = try fixture.bytes(of: "a")
        let expected = try members(ArchiveReader(bytes: bytes))
        for index in stride(from: 0, to: bytes.count, by: 5) {
            var damaged = bytes
            damaged[index] ^= 0x10
            // Either an error, or a bit that does not matter.
            var result: [ArchiveMember]?
            let error = failure { () throws(ArchiveError) in result = try members(ArchiveReader(bytes: damaged)) }
            #expect(error != nil || result == expected, "\(index)")
        }
    }

    @Test("a flipped bit anywhere in a gzip archive is refused, or changes nothing that is read")
    func flippedGzip() throws {
        let (_, expected) = try sample()
        let bytes = try written(expected, .gzip)
        var refused: Set<Int> = []
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            do throws(ArchiveError) {
                #expect(try members(ArchiveReader(bytes: damaged)) == expected, "\(position)")
            } catch { refused.insert(position) }
        }
        // Of the header some fields mean nothing to the contents; checksum and size stand at the end.
        #expect(refused.count >= bytes.count - 24)
        #expect(refused.isSuperset(of: bytes.indices.suffix(8)))
    }

    @Test("gzip members one after the other are one stream, in chunks of any size, and zeros behind them are left out")
    func gzipMembers() throws {
        guard ArchiveFixture.has("gzip") else { try Test.cancel("gzip is not installed") }
        let fixture = try ArchiveFixture()
        try fixture.shell("seq 2000 > n; tar -cf t n; head -c 5000 t | gzip > a; tail -c +5001 t | gzip >> a")
        let expected = try members(ArchiveReader(bytes: fixture.bytes(of: "t")))
        let stream = try fixture.bytes(of: "a")
        #expect(try members(ArchiveReader(bytes: stream)) == expected)
        #expect(try members(ArchiveReader(bytes: stream + [UInt8](repeating: 0, count: 1000))) == expected)
        for size in [1, 2, 7, 4096] {
            var rest = stream[...]
            let reader = try ArchiveReader { () throws(ArchiveError) in
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            }
            #expect(try members(reader) == expected, "\(size)")
        }
    }

    @Test("a compressed archive that is cut behind its end mark is refused", arguments: ["gzip", "xz", "zstd", "bzip2"])
    func truncatedBehindEnd(program: String) throws {
        guard ArchiveFixture.has(program) else { try Test.cancel("\(program) is not installed") }
        let fixture = try ArchiveFixture()
        // Two megabytes of padding stand between the end mark and the end of the compressed stream.
        try fixture.shell("seq 2000 > numbers; tar -b 4000 -cf - numbers | \(program) -c > a")
        let bytes = try fixture.bytes(of: "a")
        #expect(try members(ArchiveReader(bytes: bytes)).count == 1)
        #expect(
            failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: Array(bytes.dropLast(3)))) }?.kind == .truncated
        )
    }

    @Test("random damage of a tar gives an error or entries, never a crash")
    func randomDamage() throws {
        let bytes = try sample().bytes
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: damaged)) }
        }
    }

    @Test("a sparse map that promises more than the archive holds is refused")
    func sparseMapBeyondContent() throws {
        var bytes = try sample().bytes
        // The map reads: one range and the end, "2\n20000\n100\n40000\n0\n" or with the range alone.
        let needle = Array("\n100\n".utf8)
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
        bytes.replaceSubrange(at..<(at + needle.count), with: Array("\n900\n".utf8))
        let error = failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: bytes)) }
        #expect(error?.kind == .corrupt)
        #expect(error?.entry == "sparse")
    }

    @Test("garbage is not an archive", arguments: [[], Array("hello, this is no archive at all".utf8), [0x1F, 0x8B, 8, 0]])
    func garbage(bytes: [UInt8]) {
        let error = failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: bytes)) }
        #expect(error != nil)
    }

    @Test("the limits of an entry hold")
    func limits() throws {
        let attributes = (0..<5).map { ArchiveAttribute(name: Array("user.\($0)".utf8), value: [UInt8](repeating: 0, count: 50)) }
        let entry = ArchiveEntry(path: Array("a/long/path".utf8), kind: .symbolicLink(target: Array("target".utf8)), mode: 0o777)
        var rich = entry
        rich.attributes = attributes
        func kind(_ entry: ArchiveEntry, _ limits: ArchiveLimits) throws -> ArchiveError.Kind? {
            let bytes = try written([entry])
            return failure { () throws(ArchiveError) in try members(ArchiveReader(bytes: bytes, limits: limits)) }?.kind
        }
        #expect(try kind(entry, ArchiveLimits(pathLength: 10)) == .limit)
        #expect(try kind(entry, ArchiveLimits(pathLength: 11)) == nil)
        #expect(try kind(rich, ArchiveLimits(attributeCount: 4)) == .limit)
        #expect(try kind(rich, ArchiveLimits(attributeCount: 2)) == .limit)
        #expect(try kind(rich, ArchiveLimits(attributeSize: 49)) == .limit)
        #expect(try kind(rich, ArchiveLimits(attributesTotal: 279)) == .limit)
        #expect(try kind(rich, ArchiveLimits(attributeCount: 5, attributeSize: 50, attributesTotal: 280)) == nil)
        let sparse = try sample().bytes
        let error = failure { () throws(ArchiveError) in
            try members(ArchiveReader(bytes: sparse, limits: ArchiveLimits(dataRangeCount: 0)))
        }
        #expect(error?.kind == .limit)
    }

    @Test("after an error a reader stays failed")
    func spent() throws {
        var reader = try ArchiveReader(bytes: Array(try sample().bytes.prefix(4096)))
        var errors: [ArchiveError] = []
        for _ in 0..<6 {
            do throws(ArchiveError) {
                _ = try reader.next()
                while try reader.nextBlock() != nil {}
            } catch {
                errors.append(error)
            }
        }
        #expect(errors.count >= 4)
        #expect(Set(errors.map(\.description)).count == 1)
    }

    @Test("a missing file, and a source that fails, are told with their errno")
    func systemErrors() throws {
        #expect(
            failure { () throws(ArchiveError) in try members(ArchiveReader(path: "/nonexistent/x.tar")) }?.kind == .io(ENOENT))
        let error = failure { () throws(ArchiveError) in
            try members(
                ArchiveReader { () throws(ArchiveError) in throw ArchiveError(.io(EIO), operation: "pull", reason: "gone") })
        }
        #expect(error?.kind == .io(EIO) && error?.reason == "gone")
    }

    @Test("a full disk stops the writer with its errno", .enabled(if: ArchiveFixture.hasFullDevice, "no /dev/full here"))
    func fullDisk() throws {
        let error = failure { () throws(ArchiveError) in
            var writer = try ArchiveWriter(path: "/dev/full")
            try writer.add(ArchiveEntry(path: [0x61], kind: .file, mode: 0o644), content: [1])
            try writer.finish()
        }
        #expect(error?.kind == .io(ENOSPC))
    }

    @Test("what tar cannot hold, and contradictory calls, are refused")
    func misuse() throws {
        func kind(_ entry: ArchiveEntry, _ content: [UInt8] = []) -> ArchiveError.Kind? {
            failure { () throws(ArchiveError) in
                var writer = try ArchiveWriter { (_: Span<UInt8>) throws(ArchiveError) in }
                try writer.add(entry)
                try writer.write(content.span, at: 0)
                try writer.finish()
            }?.kind
        }
        let file = ArchiveEntry(path: [0x61], kind: .file, mode: 0o644, size: 2)
        #expect(kind(file, [1, 2]) == nil)
        #expect(kind(file, [1, 2, 3]) == .misuse)
        #expect(kind(ArchiveEntry(path: [0x61], kind: .socket, mode: 0o644)) == .unsupported)
        #expect(kind(ArchiveEntry(path: [], kind: .file, mode: 0o644)) == .misuse)
        #expect(kind(ArchiveEntry(path: [0x61, 0, 0x62], kind: .file, mode: 0o644)) == .misuse)
        #expect(kind(ArchiveEntry(path: [0x61], kind: .directory, mode: 0o644, size: 1)) == .misuse)
        var late = file
        late.modified = ArchiveTime(seconds: -1, nanoseconds: 5)
        #expect(kind(late, [1, 2]) == .unsupported)
        late.modified = ArchiveTime(seconds: 1, nanoseconds: 1_000_000_000)
        #expect(kind(late, [1, 2]) == .misuse)
        var sparse = file
        sparse.dataRanges = [1..<2, 0..<1]
        #expect(kind(sparse, [1, 2]) == .misuse)
    }

    @Test("a writer that was not finished leaves an archive that readers refuse")
    func unfinished() throws {
        let fixture = try ArchiveFixture()
        do {
            var writer = try ArchiveWriter(path: fixture.path("a.tar"))
            try writer.add(ArchiveEntry(path: [0x61], kind: .file, mode: 0o644), content: [1])
        }
        let error = failure { () throws(ArchiveError) in try members(ArchiveReader(path: fixture.path("a.tar"))) }
        #expect(error?.kind == .truncated)
    }
}
