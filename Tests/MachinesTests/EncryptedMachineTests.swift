import Cloud
import ImageStore
import Machines
import Model
import Platform
import TestSupport
import Testing

/// Instances of encrypted images.
@Suite(.enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"))
struct EncryptedMachineTests {
    @Test("what an encrypted image has, and what its instance wrote, is nowhere in the clear once the machine is closed")
    func files() throws {
        try MachineFixture.run { fixture in
            let secret = "the launch code is 0000"
            let open = try MachineFixture.image("open", in: fixture.region) { try $0.write(secret, to: "/etc/secret") }
            let closed = try fixture.actions().copyImage(
                ImageCopying(name: "closed", sourceRegion: fixture.region.name, source: open, isEncrypted: true))
            let id = try fixture.launch(closed)
            let seen = try fixture.exec(id, "cat /etc/secret; echo 'code is' $((10000 - 1)) > /root/more")
            #expect(seen.hasPrefix(secret))
            #expect(try fixture.exec(id, "cat /root/more") == "code is 9999")
            #expect(Files.names(in: fixture.home + "/cache/images").isEmpty && Files.names(in: fixture.home + "/tmp").isEmpty)
            let found = try Shell.run("grep -rl 'code is 9999' . || true", in: fixture.home)
            #expect(found.isEmpty)
            // Of an open one the file stays, and is there for the next machine.
            _ = try fixture.exec(try fixture.launch(open), "true")
            #expect(Files.names(in: fixture.home + "/cache/images").count == 1)
        }
    }
}
