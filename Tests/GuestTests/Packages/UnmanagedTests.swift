import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct UnmanagedTests {
    /// A record as the Go linker writes it since version 1.18.
    private static func goRecord(_ version: String, _ modules: String) -> [UInt8] {
        func text(_ bytes: [UInt8]) -> [UInt8] {
            var (length, prefix) = (bytes.count, [UInt8]())
            while length >= 0x80 {
                prefix.append(UInt8(length & 0x7F | 0x80))
                length >>= 7
            }
            return prefix + [UInt8(length)] + bytes
        }
        let head = [0xFF] + Array(" Go buildinf:".utf8) + [8, 2]
        let framed = [UInt8](repeating: 0x30, count: 16) + Array(modules.utf8) + [UInt8](repeating: 0x31, count: 16)
        return head + [UInt8](repeating: 0, count: 32 - head.count) + text(Array(version.utf8)) + text(framed)
    }

    private func inventory(_ editor: TreeEditor) throws -> [String] {
        try UnmanagedInventory(in: editor).software.map { "\($0.kind.rawValue) \($0.name) \($0.version)" }
    }

    @Test("Python, Node and Java outside of packages are found, and what a package owns is left out")
    func manifests() throws {
        let view = try makeTree(
            [
                "/opt/v/lib/python3/site-packages/A_b.C-1.0.dist-info/METADATA":
                    "Metadata-Version: 2.1\nName: A_b.C\nVersion: 1.0\n\nName: no\n",
                "/usr/local/lib/python3/dist-packages/old.egg-info": "Name: old\nVersion: 2\n",
                "/usr/lib/python3/dist-packages/owned-1.egg-info/PKG-INFO": "Name: owned\nVersion: 1\n",
                "/srv/node_modules/x/package.json": #"{"name": "x", "version": "1.2.3"}"#,
                "/srv/node_modules/x/test/package.json": #"{"name": "fixture", "version": "1"}"#,
                "/srv/package.json": #"{"name": "app", "version": "1"}"#,
                "/srv/a-b-1.2.jar": "PK", "/srv/broken.dist-info/METADATA": "Summary: none\n",
                "/tmp/node_modules/y/package.json": #"{"name": "y", "version": "1"}"#,
                "/var/lib/dpkg/status": "Package: owned\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n",
                "/var/lib/dpkg/info/owned.list": "/usr/lib/python3/dist-packages/owned-1.egg-info/PKG-INFO\n",
            ], in: MemoryObjects())
        #expect(try inventory(view) == ["java a-b 1.2", "node x 1.2.3", "python a-b-c 1.0", "python old 2"])
    }

    @Test("programs say which Go and which modules made them; of others nothing is known")
    func programs() throws {
        let view = try makeTree([:], in: MemoryObjects())
        let modules =
            "path\texample.com/m\nmod\texample.com/m\tv1.0.0\th1:x=\ndep\tgolang.org/x/net\tv0.1.0\th1:y=\n=>\texample.com/fork\tv0.2.0\th1:z=\n"
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46] + [UInt8](repeating: 0, count: 5000)
        let executable = Metadata(mode: 0o755)
        try view.makeDirectory("/usr/local/bin")
        try view.write(elf + Self.goRecord("go1.22.3", modules) + elf, to: "/usr/local/bin/tool", metadata: executable)
        try view.write(elf, to: "/usr/local/bin/other", metadata: executable)
        try view.write(Array("#!/bin/sh\n".utf8), to: "/usr/local/bin/script", metadata: executable)
        #expect(
            try inventory(view) == [
                "go-module example.com/fork v0.2.0", "go-module example.com/m v1.0.0", "go-program stdlib 1.22.3",
            ])
        #expect(try UnmanagedInventory(in: view).unknownPrograms == ["/usr/local/bin/other"])
    }

    @Test("a record that is cut off anywhere is read, or not")
    func damage() throws {
        let record = Self.goRecord("go1.22", "mod\ta\tv1\th1:\n")
        for length in 0..<record.count {
            let view = try makeTree([:], in: MemoryObjects())
            try view.makeDirectory("/bin")
            try view.write([0x7F, 0x45, 0x4C, 0x46] + record.prefix(length), to: "/bin/x", metadata: Metadata(mode: 0o755))
            #expect(try UnmanagedInventory(in: view).software.count <= 2)
        }
    }
}
