import Archive
import Glibc
import Testing

@Suite("Archive: a tree, GNU tar and back")
struct ArchiveRoundTripTests {
    static func create(_ folder: String, _ archive: String) -> String {
        "tar -C \(folder) --format=pax -S --xattrs --xattrs-include='*' --numeric-owner --sort=name -cf \(archive) ."
    }

    @Test("GNU tar lists a rewritten archive like the original")
    func listing() throws {
        let fixture = try ArchiveFixture()
        try fixture.makeTree()
        try fixture.shell("\(Self.create("tree", "original.tar"))")
        try fixture.rewrite("original.tar", to: "copy.tar")
        let lines = try fixture.listing("copy.tar").split(separator: "\n")
            .filter { $0 != "tar: Ignoring unknown extended header keyword 'hdrcharset'" }
        let expected = try fixture.listing("original.tar").split(separator: "\n")
        #expect(lines == expected, "\(lines.difference(from: expected))")
        #expect(lines.count >= 25)
    }

    @Test("GNU tar extracts a rewritten archive to the original tree")
    func extraction() throws {
        let fixture = try ArchiveFixture()
        try fixture.makeTree()
        try fixture.shell("\(Self.create("tree", "original.tar"))")
        try fixture.rewrite("original.tar", to: "copy.tar")
        try fixture.shell("mkdir out; tar -C out -S --xattrs --xattrs-include='*' --numeric-owner -pxf copy.tar")
        #expect(try fixture.shell("diff -r --no-dereference -x pipe -x null -x disk tree out") == "")
        // The tree that came out gives the same archive: modes, owners, times, links, devices, attributes, capabilities.
        try fixture.shell("\(Self.create("out", "again.tar"))")
        let original = try members(ArchiveReader(path: fixture.path("original.tar")))
        for name in ["again.tar", "copy.tar"] {
            let copy = try members(ArchiveReader(path: fixture.path(name)))
            #expect(copy.map(\.entry) == original.map(\.entry), "\(name)")
            #expect(copy.map(\.content) == original.map(\.content))
        }
    }

    @Test("names in any bytes come through each format", arguments: ["pax", "gnu", "ustar"])
    func names(format: String) throws {
        let fixture = try ArchiveFixture()
        let long = format == "ustar" ? 20 : 70
        try fixture.shell(
            """
            mkdir -p tree/a tree/b; cd tree/a; printf two > "$(printf 'e\\314\\201nfd')"
            korean=$(printf '한%.0s' $(seq \(long))); printf three > $korean
            bad=$(printf 'z%.0s' $(seq \(long)); printf '\\303(\\355\\240\\200'); printf four > "$bad"
            for n in "$korean" "$bad" "$(printf 'e\\314\\201nfd')"; do ln -s "$n" "../b/s$n"; ln "$n" "../b/h$n"; done
            cd ../..; tar -C tree --format=\(format) --sort=name -cf names.tar .
            """)
        let all = try members(ArchiveReader(path: fixture.path("names.tar"))).map(\.entry)
        let korean = Array(repeating: Array("한".utf8), count: long).flatMap(\.self)
        let bad = [UInt8](repeating: UInt8(ascii: "z"), count: long) + [0xC3, 0x28, 0xED, 0xA0, 0x80]
        let decomposed: [UInt8] = [0x65, 0xCC, 0x81] + Array("nfd".utf8)
        for name in [korean, bad, decomposed] {
            let file = Array("./a/".utf8) + name
            #expect(all.contains { $0.path == file && $0.kind == .file })
            #expect(all.contains { $0.path == Array("./b/s".utf8) + name && $0.kind == .symbolicLink(target: name) })
            #expect(all.contains { $0.path == Array("./b/h".utf8) + name && $0.kind == .hardLink(target: file) })
        }
    }

    @Test("what is written comes back, whatever bytes the names have")
    func randomNames() throws {
        var generator = SystemRandomNumberGenerator()
        var entries: [ArchiveEntry] = []
        for index in 0..<300 {
            let name = (0..<Int.random(in: 1...300, using: &generator)).map { _ in UInt8.random(in: 1...255, using: &generator) }
            let path = Array("\(index)/".utf8) + name.filter { $0 != 0x2F }
            let kind: ArchiveEntryKind = [.file, .symbolicLink(target: name), .hardLink(target: name)][index % 3]
            entries.append(ArchiveEntry(path: path, kind: kind, mode: 0o644))
        }
        #expect(try members(ArchiveReader(bytes: written(entries))).map(\.entry) == entries)
    }

    @Test("ids, times, devices and sizes at their limits come back")
    func extremes() throws {
        let entries = [
            ArchiveEntry(path: [0x61], kind: .characterDevice(major: 4095, minor: 1_048_575), mode: 0o7777),
            ArchiveEntry(path: [0x62], kind: .blockDevice(major: 0, minor: 0), mode: 0, owner: .max - 1, group: .max - 1),
            ArchiveEntry(
                path: [0x63], kind: .fifo, mode: 0o600, modified: ArchiveTime(seconds: 1 << 40, nanoseconds: 999_999_999)),
            ArchiveEntry(path: [0x64], kind: .directory, mode: 0o1777, modified: ArchiveTime(seconds: -2, nanoseconds: 1)),
            ArchiveEntry(path: [0x65], kind: .directory, mode: 0o2755, modified: ArchiveTime(seconds: -1)),
        ]
        let back = try members(ArchiveReader(bytes: written(entries))).map(\.entry)
        #expect(back.map(\.kind) == entries.map(\.kind))
        #expect(back.map(\.modified) == entries.map(\.modified))
        #expect(back.map(\.owner) == entries.map(\.owner) && back.map(\.mode) == entries.map(\.mode))
    }

    @Test("attributes of any name and value come back in order")
    func attributes() throws {
        let attributes = [
            ("user.=%25", [0, 10, 61]), ("user.a", []), ("user.한", Array(repeating: 255, count: 65_536)),
            ("security.capability", [1, 0, 0, 2] + [UInt8](repeating: 0, count: 16)),
        ].map { ArchiveAttribute(name: Array($0.0.utf8), value: $0.1) }
        let entry = ArchiveEntry(path: [0x61], kind: .file, mode: 0o644, attributes: attributes)
        let back = try #require(try members(ArchiveReader(bytes: written([entry]))).first).entry.attributes
        #expect(back == attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) })
        let reversed = ArchiveEntry(path: [0x61], kind: .file, mode: 0o644, attributes: attributes.reversed())
        #expect(try written([entry]) == written([reversed]))
    }
}

/// An archive of entries without content.
func written(_ entries: [ArchiveEntry], _ compression: ArchiveCompression = .none) throws(ArchiveError) -> [UInt8] {
    try written(entries.map { ArchiveMember(entry: $0, content: []) }, compression)
}

/// An archive in memory.
func written(_ members: [ArchiveMember], _ compression: ArchiveCompression = .none) throws(ArchiveError) -> [UInt8] {
    let output = Output()
    var writer = try ArchiveWriter(compression: compression) { (bytes: Span<UInt8>) throws(ArchiveError) in
        for index in bytes.indices { output.bytes.append(bytes[index]) }
    }
    for member in members {
        if member.entry.size == 0 { try writer.add(member.entry) } else { try writer.add(member.entry, content: member.content) }
    }
    try writer.finish()
    return output.bytes
}

private final class Output { var bytes: [UInt8] = [] }
