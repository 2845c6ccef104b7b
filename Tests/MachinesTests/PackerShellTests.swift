import API
import Cloud
import ImageStore
import Model
import Platform
import SigV4
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"))
struct `Clients that log in to instances` {
    @Test(
        "Packer provisions over ssh, and what it did is in the image",
        .enabled(if: Shell.has("packer"), "needs Packer: apt-get install packer"),
        .enabled(if: SecureShellImage.isAvailable, "needs sshd: apt-get install openssh-server"))
    func packer() throws {
        try ServedFixture.run { fixture in
            let source = try SecureShellImage.make(in: fixture.machines.region)
            let template = """
                {"builders": [{"type": "amazon-ebs", "region": "us-east-1", "custom_endpoint_ec2": "http://127.0.0.1:\(fixture.port)",
                "access_key": "\(fixture.owner.key.id)", "secret_key": "\(fixture.owner.key.secret)", "source_ami": "\(source)",
                "instance_type": "t3.micro", "ami_name": "golden", "ssh_username": "root", "ssh_port": \(ServedFixture.sshPort),
                "ssh_timeout": "60s", "tags": {"Release": "1"}}],
                "provisioners": [{"type": "shell", "inline": ["echo made by packer > /etc/made", "hostname > /etc/name"]},
                {"type": "file", "source": "local.txt", "destination": "/etc/uploaded"}]}
                """
            try withTemporaryFolder { folder in
                try Files.writeDurably(folder + "/t.json", Array(template.utf8))
                try Files.writeDurably(folder + "/local.txt", Array("from the host\n".utf8))
                let output = try Shell.run(
                    "HOME=$PWD CHECKPOINT_DISABLE=1 AWS_POLL_DELAY_SECONDS=1 timeout 120 packer build -color=false t.json",
                    in: folder)
                #expect(output.contains("AMIs were created"), "\(output)")
            }
            let image = try #require(try fixture.machines.region.image(named: AMIName(parsing: "golden")))
            #expect(image.tags["Release"] == "1" && image.tags["ingot:consistency"] == nil)
            #expect(try fixture.machines.text("/etc/made", of: image.id) == "made by packer\n")
            #expect(try fixture.machines.text("/etc/name", of: image.id) == "ip-172-31-0-4\n")
            #expect(try fixture.machines.text("/etc/uploaded", of: image.id) == "from the host\n")
            #expect(try fixture.machines.actions().instances().map(\.state) == [.terminated])
        }
    }

    @Test(
        "ssh is let in with the key pair's key and with no other, and ends where the instance is stopped",
        .enabled(if: Shell.has("ssh") && SecureShellImage.isAvailable, "needs ssh: apt-get install openssh-client openssh-server")
    )
    func login() throws {
        try ServedFixture.run { fixture in
            let source = try SecureShellImage.make(in: fixture.machines.region)
            let (_, material) = try fixture.machines.actions().createKeyPair("deploy", .ed25519, tags: TagSet())
            let id = try fixture.machines.launch(source) { $0.keyName = "deploy" }
            let address = try #require(try fixture.machines.actions().instances().first { $0.id == id }?.publicAddress)
            try withTemporaryFolder { folder in
                try Files.writeDurably(folder + "/key", Array(material.utf8), permissions: 0o600)
                try Shell.run("ssh-keygen -q -t ed25519 -N '' -f other", in: folder)
                func ssh(_ key: String, _ command: String, at place: String? = nil) -> String {
                    """
                    timeout 60 ssh -p \(ServedFixture.sshPort) -i \(key) -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
                    -o UserKnownHostsFile=/dev/null -o BatchMode=yes -o LogLevel=ERROR root@\(place ?? address) '\(command)' 2>&1
                    """
                }
                #expect(try Shell.run(ssh("key", "echo one > /made; id -u; hostname"), in: folder) == "0\nip-172-31-0-4\n")
                // An elastic address leads there until it is taken away.
                let actions = try fixture.machines.actions()
                let elastic = try actions.allocateAddress(tags: TagSet())
                let target = ElasticAddressTarget(.instance(id), privateAddress: nil, takesOver: true)
                _ = try actions.associateAddress(.allocation(elastic.id), with: target)
                #expect(try actions.instances().first { $0.id == id }?.publicAddress == elastic.address)
                #expect(try Shell.run(ssh("key", "cat /made", at: elastic.address), in: folder) == "one\n")
                try actions.disassociateAddress(.allocation(elastic.id))
                #expect(try actions.instances().first { $0.id == id }?.publicAddress == address)
                #expect(
                    try Shell.run(ssh("key", "true", at: elastic.address) + " || echo refused", in: folder).hasSuffix("refused\n")
                )
                // With its interface it comes and goes.
                let subnet = try #require(try actions.instances().first { $0.id == id }?.subnet.id)
                var second = InterfaceRequest()
                second.subnet = subnet
                let interface = try actions.createNetworkInterface(
                    InterfaceCreation(second, tags: TagSet(), clientToken: nil))
                let place = ElasticAddressTarget(.interface(interface.id), privateAddress: nil, takesOver: true)
                _ = try actions.associateAddress(.allocation(elastic.id), with: place)
                let attachment = try actions.attachNetworkInterface(interface.id, to: id, device: 1)
                #expect(try Shell.run(ssh("key", "cat /made", at: elastic.address), in: folder) == "one\n")
                try actions.detachNetworkInterface(attachment)
                #expect(
                    try Shell.run(ssh("key", "true", at: elastic.address) + " || echo refused", in: folder).hasSuffix("refused\n")
                )
                #expect(try Shell.run(ssh("other", "true") + " || echo refused", in: folder).hasSuffix("refused\n"))
                let stopped = ssh("key", "echo two > /second; sync; sleep 600") + " & "
                _ = try Shell.run(
                    stopped + "until \(ssh("key", "cat /second")) | grep -q two; do :; done; echo there", in: folder)
            }
            _ = try fixture.machines.actions().change([id], .stop)
            #expect(try fixture.machines.state(id) == .stopped)
            let root = try #require(try fixture.machines.actions().instances().first { $0.id == id }?.rootVolume?.root)
            #expect(try fixture.machines.text("/second", ofRoot: root) == "two\n")
        }
    }
}
