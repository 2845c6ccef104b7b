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
}
