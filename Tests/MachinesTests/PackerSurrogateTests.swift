import API
import Cloud
import ImageStore
import Model
import Platform
import SigV4
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: VolumeImage.isAvailable, "\(VolumeImage.obstacle ?? "")"))
struct `Packer on volumes` {
    @Test(
        "Packer builds with amazon-ebssurrogate over ssh: what a script put on the second volume is the image, which runs",
        .enabled(if: Shell.has("packer"), "needs Packer: apt-get install packer"),
        .enabled(if: SecureShellImage.isAvailable, "needs sshd: apt-get install openssh-server"))
    func surrogate() throws {
        try ServedFixture.run { fixture in
            let source = try SecureShellImage.make(in: fixture.machines.region, and: VolumeImage.add)
            let script = [
                "set -e", "test -b /dev/xvdf", "mkfs.ext4 -q -L root /dev/xvdf", "mount /dev/xvdf /mnt",
                "cp -a /bin /etc /usr /lib /lib64 /root /mnt/", "mkdir /mnt/dev /mnt/proc /mnt/run /mnt/sys /mnt/tmp /mnt/var",
                "chmod 1777 /mnt/tmp", "echo made by a surrogate > /mnt/etc/made", "chown 1000:1000 /mnt/etc/made", "umount /mnt",
            ]
            let template = """
                {"builders": [{"type": "amazon-ebssurrogate", "region": "us-east-1",
                "custom_endpoint_ec2": "http://127.0.0.1:\(fixture.port)", "access_key": "\(fixture.owner.key.id)",
                "secret_key": "\(fixture.owner.key.secret)", "source_ami": "\(source)", "instance_type": "t3.micro",
                "ami_name": "surrogate", "ami_virtualization_type": "hvm", "ssh_username": "root",
                "ssh_port": \(ServedFixture.sshPort), "ssh_timeout": "60s",
                "launch_block_device_mappings": [{"device_name": "/dev/sdf", "volume_size": 1, "volume_type": "gp2",
                    "delete_on_termination": true}],
                "ami_root_device": {"source_device_name": "/dev/sdf", "device_name": "/dev/xvda", "volume_size": 1,
                    "volume_type": "gp2", "delete_on_termination": true}}],
                "provisioners": [{"type": "shell", "inline": ["\(script.joined(separator: "\", \""))"]}]}
                """
            try withTemporaryFolder { folder in
                try Files.writeDurably(folder + "/t.json", Array(template.utf8))
                let output = try Shell.run(
                    "HOME=$PWD CHECKPOINT_DISABLE=1 AWS_POLL_DELAY_SECONDS=1 timeout 120 packer build -color=false t.json 2>&1 || true",
                    in: folder)
                #expect(output.contains("AMIs were created"), "\(output)")
            }
            let region = fixture.machines.region
            let image = try #require(try region.image(named: AMIName(parsing: "surrogate")))
            let made = try Tree(#require(image.root), in: try region.store)
            let base = try Tree(#require(try region.image(source).root), in: try region.store)
            #expect(try made.text("/etc/made") == "made by a surrogate\n")
            let owner = try #require(try made.node(at: "/etc/made")).metadata
            #expect(owner.uid == 1000 && owner.gid == 1000 && owner.mode == 0o644)
            #expect(try made.node(at: "/tmp")?.metadata.mode == 0o1777)
            for path in ["/bin/busybox", "/usr/sbin/sshd", "/etc/shadow"] as [TreePath] {
                #expect(try made.node(at: path)?.content == base.node(at: path)?.content, "\(path)")
            }
            // It runs, and nothing of the build is left.
            let id = try fixture.machines.launch(image.id)
            #expect(try fixture.machines.exec(id, "cat /etc/made") == "made by a surrogate")
            #expect(Files.names(in: "\(fixture.machines.home)/regions/us-east-1/volumes").isEmpty)
        }
    }
}
