import API
import Cloud
import FoundationEssentials
import Model
import Platform
import SigV4
import TestSupport
import Testing

@Suite struct PackerTests {
    @Test(
        "Packer builds an image with amazon-ebs, shares it, describes it and tags it",
        .enabled(if: Shell.has("packer"), "needs Packer: apt-get install packer"))
    func build() throws {
        try EndpointFixture.run { fixture in
            let base = try fixture.image("base")
            let builder: [String: String] = [
                "type": "amazon-ebs", "region": "us-east-1", "custom_endpoint_ec2": "http://127.0.0.1:\(fixture.port)",
                "access_key": fixture.owner.key.id, "secret_key": fixture.owner.key.secret, "source_ami": base.id.description,
                "instance_type": "t3.micro", "ami_name": "golden", "communicator": "none", "ami_description": "from Packer",
                "ami_users": EndpointFixture.otherID,
            ]
            let text = String(decoding: try JSONEncoder().encode(builder), as: UTF8.self)
            try withTemporaryFolder { folder in
                let shared = text.replacing("\"\(EndpointFixture.otherID)\"", with: "[\"\(EndpointFixture.otherID)\"]")
                let whole = shared.dropLast() + #","tags":{"Release":"1"},"snapshot_tags":{"S":"2"}}"#
                try Files.writeDurably(folder + "/t.json", Array("{\"builders\":[\(whole)]}".utf8))
                let output = try Shell.run(
                    "HOME=$PWD CHECKPOINT_DISABLE=1 AWS_POLL_DELAY_SECONDS=1 packer build -color=false t.json", in: folder)
                #expect(output.contains("AMIs were created"))
            }
            let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
            let image = try #require(try region.image(named: AMIName(parsing: "golden")))
            #expect(image.root == base.root && image.description == "from Packer" && image.tags["Release"] == "1")
            #expect(image.permissions == [.account(try AccountID(parsing: EndpointFixture.otherID))])
            let snapshot = try #require(try region.snapshots(image.volumes.compactMap(\.snapshot)).first)
            #expect(snapshot.tags["S"] == "2" && snapshot.tags["Release"] == "1")
            // What it needed for the build is gone.
            let actions = try fixture.plane.actions(in: region.name, as: image.owner)
            #expect(try actions.keyPairs().isEmpty)
            #expect(try actions.instances().map(\.state) == [.terminated])
        }
    }

    @Test(
        "Packer makes a profile and takes it apart, chooses a subnet, and registers what is on a second volume",
        .enabled(if: Shell.has("packer"), "needs Packer: apt-get install packer"))
    func surrogate() throws {
        try EndpointFixture.run { fixture in
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            try withTemporaryFolder { folder in
                let template = """
                    {"builders": [{
                        "type": "amazon-ebssurrogate", "region": "us-east-1", "custom_endpoint_ec2": "http://127.0.0.1:\(fixture.port)",
                        "access_key": "\(fixture.owner.key.id)", "secret_key": "\(fixture.owner.key.secret)",
                        "source_ami": "ami-12c6146b", "instance_type": "t3.micro", "ami_name": "surrogate", "communicator": "none",
                        "temporary_iam_instance_profile_policy_document": {"Version": "2012-10-17", "Statement": [
                            {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["*"]}]},
                        "subnet_filter": {"filters": {"availability-zone": "us-east-1b"}, "most_free": true},
                        "launch_block_device_mappings": [
                            {"device_name": "/dev/sdf", "volume_size": 5, "volume_type": "gp2", "delete_on_termination": true}],
                        "ami_root_device": {"source_device_name": "/dev/sdf", "device_name": "/dev/xvda", "volume_size": 5,
                            "volume_type": "gp2", "delete_on_termination": true},
                        "ami_virtualization_type": "hvm"}]}
                    """
                try Files.writeDurably(folder + "/t.json", Array(template.utf8))
                let output = try Shell.run(
                    "HOME=$PWD CHECKPOINT_DISABLE=1 AWS_POLL_DELAY_SECONDS=1 packer build -color=false t.json", in: folder)
                #expect(output.contains("AMIs were created"))
            }
            let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
            let image = try #require(try region.image(named: AMIName(parsing: "surrogate")))
            let actions = try fixture.plane.actions(in: region.name, as: fixture.owner.account)
            #expect(image.volumes.map(\.deviceName) == ["/dev/xvda"])
            #expect(try actions.instances().map(\.subnet.zone) == ["us-east-1b"])
            #expect(try actions.roles().isEmpty && actions.instanceProfiles().isEmpty && actions.keyPairs().isEmpty)
        }
    }
}
