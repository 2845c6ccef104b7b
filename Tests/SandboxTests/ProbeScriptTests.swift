import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct ProbeScriptTests {
    @Test("the host stays out of reach", arguments: ProbeScript.all.map(\.name))
    func held(_ name: String) throws {
        let probe = try #require(ProbeScript.all.first { $0.name == name })
        let printed = try Self.printed(probe, behind: .all)
        #expect(printed == probe.printed)
    }

    @Test("without the wall the probe would see it", arguments: ProbeScript.all.filter { $0.wall != nil }.map(\.name))
    func control(_ name: String) throws {
        let probe = try #require(ProbeScript.all.first { $0.name == name })
        let printed = try Self.printed(probe, behind: Walls.all.subtracting(try #require(probe.wall)))
        #expect(printed != probe.printed)
    }

    static func printed(_ probe: ProbeScript, behind walls: Walls) throws -> String {
        try withSandbox(walls: walls) { try printed(probe, in: $0) }
    }

    static func printed(_ probe: ProbeScript, in fixture: SandboxFixture) throws -> String {
        try Files.writeDurably("\(fixture.folder)/secret", Array("secret\n".utf8))
        if probe.script.contains("/nodes/") { try addNodes(to: fixture) }
        return try fixture.run(probe.script) {
            $0.environment = ["HOST": fixture.folder, "PROCESS": "\(getpid())"]
            $0.limits.time = 20_000_000_000
        }.text
    }

    /// Devices as the author of an image may have put them there.
    private static func addNodes(to fixture: SandboxFixture) throws {
        try fixture.editor.makeDirectory("/nodes")
        let metadata = Metadata(mode: 0o666, modified: fixture.date)
        let nodes: [(TreePath, Node.Kind)] = [
            ("/nodes/memory", .characterDevice(major: 1, minor: 1)), ("/nodes/kmsg", .characterDevice(major: 1, minor: 11)),
            ("/nodes/zero", .characterDevice(major: 1, minor: 5)), ("/nodes/disk", .blockDevice(major: 254, minor: 0)),
        ]
        for (path, kind) in nodes { try fixture.editor.put(Node(metadata, kind), at: path) }
    }
}
