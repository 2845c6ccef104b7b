import Cloud
import Crypto
import ImageStore
import Machines
import Model
import Orchestration
import Platform
import Sandbox
import TestSupport
import Testing

/// A workspace with an image whose programs are those of busybox, and what two accounts can do in its region.
struct MachineFixture: Sendable {
    let home: String
    let environment: Environment
    let workspace: Workspace
    let region: EmbeddedRegion
    let image: ImageID

    static let ownerID = "111111111111"
    static let otherID = "222222222222"

    static let busybox = ["/bin/busybox", "/usr/bin/busybox"].first { Files.exists($0) }

    /// Nil where programs can be run; otherwise why not.
    static let obstacle: String? = {
        do throws(Failure) { try Sandbox.checkAvailable() } catch { return error.chain.joined(separator: ": ") }
        return busybox == nil ? "needs busybox: apt-get install busybox-static" : nil
    }()
    static var isAvailable: Bool { obstacle == nil }

    static func run(environment: Environment = .system(), _ body: (MachineFixture) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let fixture = try MachineFixture(folder + "/home", environment)
            do { try body(fixture) } catch let failure as Failure { throw MachineFailed(failure) }
        }
    }

    static func settings() throws(Failure) -> PlaneSettings {
        PlaneSettings(
            directory: AccountDirectory(accounts: [
                Account(id: try AccountID(parsing: ownerID), name: "owner"),
                Account(id: try AccountID(parsing: otherID), name: "other"),
            ]))
    }

    init(_ home: String, _ environment: Environment) throws {
        self.home = home
        self.environment = environment
        workspace = try Workspace(home: home, environment: environment, settings: try Self.settings())
        let name = try RegionName(parsing: "us-east-1")
        _ = try workspace.plane.makeRegion(name)
        region = try #require(workspace.plane as? EmbeddedPlane).open(name)
        image = try Self.image("base", in: region) { _ in }
    }

    /// The same workspace as another process sees it, whose locks are its own.
    func otherProcess() throws -> MachineFixture {
        MachineFixture(self, try Workspace(home: home, environment: environment, settings: try Self.settings()))
    }

    private init(_ other: MachineFixture, _ workspace: Workspace) {
        home = other.home
        environment = other.environment
        self.workspace = workspace
        region = other.region
        image = other.image
    }

    // MARK: Images and instances

    /// An available image with a shell, and what `fill` puts into it.
    static func image(
        _ name: String, in region: EmbeddedRegion, _ fill: (TreeEditor) throws -> Void
    ) throws -> ImageID {
        let writer = try StoreWriter(try region.store)
        let editor = try TreeEditor(root: nil, in: writer, date: date)
        for path in ["/bin", "/etc", "/dev", "/proc", "/run", "/sys", "/tmp", "/root", "/home", "/usr/bin", "/var"] as [TreePath]
        {
            try editor.makeDirectory(path)
        }
        try editor.updateMetadata("/tmp") { $0.mode = 0o1777 }
        let program = try Files.read(try #require(busybox))
        try editor.write(program, to: "/bin/busybox", metadata: Metadata(mode: 0o755, modified: date))
        for applet in applets {
            let link = TreePath.root.appending(try #require(Name("bin"))).appending(try #require(Name(applet)))
            try editor.put(Node(Metadata(mode: 0o777, modified: date), .symlink(target: Array("busybox".utf8))), at: link)
        }
        try editor.write("root:x:0:0:root:/root:/bin/sh\nadmin:x:1000:1000::/home/admin:/bin/sh\n", to: "/etc/passwd")
        try editor.write("root:x:0:\nadmin:x:1000:\n", to: "/etc/group")
        try editor.makeDirectory("/home/admin", metadata: Metadata(mode: 0o755, uid: 1000, gid: 1000, modified: date))
        try fill(editor)
        let root = try editor.finish()
        try writer.publish()
        let pending = try region.registerPending(
            NewImage(
                name: AMIName(parsing: name), description: "a test image", architecture: .x86, created: Instant(seconds: 1),
                volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))], token: name))
        return try region.markAvailable(pending.id, root: root, logicalSize: 1000, at: Instant(seconds: 1)).id
    }

    static let date: Int64 = 1_700_000_000_000_000_000

    private static let applets = [
        "sh", "ls", "cat", "echo", "rm", "mkdir", "chmod", "chown", "ln", "stat", "id", "sleep", "touch", "mv", "env", "true",
        "false", "wget", "head", "hostname", "wc", "yes", "base64", "gzip", "sync", "tr", "tail", "nc", "test",
    ]

    func actions(_ account: String = ownerID) throws -> any RegionActions {
        try workspace.plane.actions(in: region.name, as: AccountID(parsing: account))
    }

    func launch(_ image: ImageID? = nil, _ change: (inout InstanceLaunch) throws -> Void = { _ in }) throws -> InstanceID {
        var launch = InstanceLaunch(image: image ?? self.image, type: "t3.micro", least: 1, most: 1)
        try change(&launch)
        return try #require(try actions().runInstances(launch).first).id
    }

    func machine(_ id: InstanceID, patience: UInt64 = 0) throws -> Machine {
        try Machine(id, in: region, workspace, patience: patience)
    }

    /// Runs a script on the instance as a command of its own does, and gives what it printed.
    @discardableResult
    func exec(_ id: InstanceID, _ script: String) throws -> String {
        let machine = try machine(id)
        defer { machine.close() }
        return try machine.script(script)
    }

    func state(_ id: InstanceID) throws -> InstanceState? { try actions().instances().first { $0.id == id }?.state }

    func text(_ path: TreePath, ofRoot root: Digest) throws -> String? { try Tree(root, in: try region.store).text(path) }

    /// The text of a file in an image.
    func text(_ path: TreePath, of image: ImageID) throws -> String? {
        try Tree(#require(try region.image(image).root), in: try region.store).text(path)
    }
}

extension Machine {
    func script(_ script: String) throws -> String {
        var lines: [String] = []
        let result = try run(
            ["/bin/sh", "-c", script], onLine: { _, line in lines.append(String(decoding: line, as: UTF8.self)) })
        #expect(result.isSuccess, "\(script): \(result.end) \(lines)")
        return lines.joined(separator: "\n")
    }
}

/// A failure with all its causes, as tests show it.
struct MachineFailed: Error {
    let code: Failure.Code
    let text: String

    init(_ failure: Failure) { (code, text) = (failure.code, failure.chain.joined(separator: ": ")) }
}
