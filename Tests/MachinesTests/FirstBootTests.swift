import Cloud
import FoundationEssentials
import ImageStore
import Machines
import Model
import Platform
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"))
struct `The first boot of an instance` {
    private static func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test func `runs its user data once, and the console says what it printed`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch {
                $0.userData = Self.encoded("#!/bin/sh\necho ran >> /ran\necho hello from $(hostname)\nexit 3\n")
            }
            #expect(try fixture.exec(id, "cat /ran") == "ran")
            #expect(try fixture.exec(id, "cat /ran") == "ran")
            let text = String(decoding: try fixture.actions().consoleOutput(of: id).bytes, as: UTF8.self)
            #expect(text.contains("ingot: first boot of \(id) from \(fixture.image)\n"))
            #expect(text.contains("hello from ip-172-31-0-4\n") && text.contains("ingot: script: exit status 3\n"))
            _ = try fixture.actions().change([id], .stop)
            _ = try fixture.actions().change([id], .start)
            #expect(try fixture.exec(id, "cat /ran") == "ran")
            #expect(throws: Failure.self) { try fixture.actions(MachineFixture.otherID).consoleOutput(of: id) }
        }
    }

    @Test func `carries out a cloud-config in its order`() throws {
        try MachineFixture.run { fixture in
            let text = """
                #cloud-config
                bootcmd: [echo boot > /order]
                write_files:
                  - {path: /opt/app/it's, content: "x\\n", permissions: '0640', owner: '1000:1000'}
                ssh_authorized_keys: [ssh-ed25519 AAAA config]
                runcmd:
                  - cd /opt/app
                  - [cat, "it's"]
                  - pwd >> /order
                final_message: done

                """
            let id = try fixture.launch { $0.userData = Self.encoded(text) }
            #expect(try fixture.exec(id, "cat /order; stat -c '%a %u' \"/opt/app/it's\"") == "boot\n/opt/app\n640 1000")
            #expect(
                try fixture.exec(id, "cat /home/admin/.ssh/authorized_keys; stat -c '%a %u' /home/admin/.ssh")
                    == "ssh-ed25519 AAAA config\n700 1000")
            let console = String(decoding: try fixture.actions().consoleOutput(of: id).bytes, as: UTF8.self)
            #expect(console.contains("not carried out: final_message of the cloud-config"))
        }
    }

    @Test func `gives root and the default user the key, and the machine a number and a name where it has none`() throws {
        try MachineFixture.run { fixture in
            let image = try MachineFixture.image("sealed", in: fixture.region) { editor in
                try editor.write("", to: "/etc/machine-id")
                try editor.write("localhost\n", to: "/etc/hostname")
            }
            _ = try fixture.actions().importKeyPair("deploy", publicKey: Self.key, tags: TagSet())
            let id = try fixture.launch(image) { $0.keyName = "deploy" }
            let text = try fixture.exec(
                id, "cat /root/.ssh/authorized_keys /home/admin/.ssh/authorized_keys /etc/hostname; wc -c < /etc/machine-id")
            #expect(text == "\(Self.key)\n\(Self.key)\nip-172-31-0-4\n33")
            let other = try fixture.launch(image)
            #expect(try fixture.exec(id, "cat /etc/machine-id") != fixture.exec(other, "cat /etc/machine-id"))
            // An image that has its own keeps it.
            let plain = try fixture.launch()
            #expect(try fixture.exec(plain, "ls /etc").contains("machine-id") == false)
        }
    }

    @Test func `goes on where the user data is broken, and says so`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch { $0.userData = Self.encoded("#cloud-config\nruncmd: [") }
            #expect(try fixture.exec(id, "echo up") == "up")
            let console = String(decoding: try fixture.actions().consoleOutput(of: id).bytes, as: UTF8.self)
            #expect(console.contains("the cloud-config of the user data is no YAML"))
        }
    }

    @Test func `is repeated as a whole where its process died`() throws {
        let broken = Environment.failing(at: "machines.captured")
        try MachineFixture.run(environment: broken) { fixture in
            let id = try fixture.launch { $0.userData = Self.encoded("#!/bin/sh\necho ran >> /ran\n") }
            #expect(throws: Failure.self) { try fixture.machine(id) }
            #expect(try fixture.exec(id, "cat /ran") == "ran")
        }
    }

    static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"
}
