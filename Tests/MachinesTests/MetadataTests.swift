import Cloud
import FoundationEssentials
import HTTPServer
import ImageStore
import Machines
import Orchestration
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(
    .serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"),
    .enabled(if: MetadataImage.isAvailable, MetadataImage.missing))
struct `Instance metadata` {
    @Test func `tells an instance what it is`() throws {
        try MachineFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.region)
            _ = try fixture.actions().importKeyPair("deploy", publicKey: FirstBootKey.line, tags: TagSet())
            try fixture.actions().addProductCodes([ProductCode("paid"), ProductCode("sold")], to: image)
            let id = try fixture.launch(image) {
                $0.keyName = "deploy"
                $0.userData = Data("#!/bin/sh\ntrue\n".utf8).base64EncodedString()
                $0.tags = try TagSet([Tag(key: "Name", value: "web one")])
                $0.metadata.showsTags = true
            }
            let instance = try #require(try fixture.actions().instances().first)
            let told = try fixture.ask(
                id,
                """
                for name in ami-id instance-id instance-type local-ipv4 local-hostname reservation-id placement/region \\
                    placement/availability-zone placement/availability-zone-id security-groups public-keys/ \\
                    public-keys/0/openssh-key tags/instance/Name block-device-mapping/root services/domain \\
                    network/interfaces/macs/$(get meta-data/mac)/subnet-id network/interfaces/macs/$(get meta-data/mac)/vpc-ipv4-cidr-block
                do get meta-data/$name; echo; done
                get user-data; get meta-data/product-codes; echo; get meta-data/ami-manifest-path
                """)
            #expect(
                told.split(separator: "\n").map(String.init) == [
                    "\(image)", "\(id)", "t3.micro", "172.31.0.4", "ip-172-31-0-4.ec2.internal", "\(instance.reservation)",
                    "us-east-1", "us-east-1a", "use1-az1", "default", "0=deploy", FirstBootKey.line, "web one", "/dev/xvda",
                    "amazonaws.com", "\(instance.subnet.id)", "172.31.0.0/16", "#!/bin/sh", "true",
                    "paid", "sold", "(unknown)",
                ])
            let document = try fixture.ask(id, "get dynamic/instance-identity/document")
            let identity = try JSONReader.read(Array(document.utf8), what: "an identity")
            #expect(identity["instanceId"]?.string == "\(id)" && identity["accountId"]?.string == MachineFixture.ownerID)
            #expect(identity["marketplaceProductCodes"] == .array([.string("paid"), .string("sold")]))
            #expect(identity["billingProducts"] == .null)
            #expect(try fixture.ask(id, "status $M/latest/dynamic/instance-identity/signature") == "404")
        }
    }

    @Test func `lists what there is, in each of its versions`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch(try MetadataImage.make(in: fixture.region))
            #expect(
                try fixture.ask(id, "get; echo; get dynamic/; echo; get meta-data/placement")
                    == """
                    dynamic/
                    meta-data/
                    instance-identity/
                    availability-zone
                    availability-zone-id
                    region
                    """)
            let versions = try fixture.ask(
                id, "curl -s $M/ | tail -n 1; echo; status $M/2009-04-04/meta-data/ami-id; status $M/3000-01-01/")
            #expect(versions == "latest\n200\n404")
            #expect(
                try fixture.ask(
                    id,
                    """
                    for p in meta-data/nothing meta-data/ami-id/ meta-data//ami-id ../etc/passwd user-data
                    do status $M/latest/$p; done
                    """) == "404\n404\n404\n404\n404")
        }
    }

    @Test func `asks for a token where the instance says so`() throws {
        try MachineFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.region)
            let id = try fixture.launch(image) { $0.metadata.needsTokens = true }
            let other = try fixture.launch(image)
            let path = "$M/latest/meta-data/ami-id"
            #expect(
                try fixture.ask(
                    id,
                    """
                    status \(path)
                    status -H "X-aws-ec2-metadata-token: $T" \(path)
                    status -H "X-aws-ec2-metadata-token: ${T}1" \(path)
                    status -H "X-aws-ec2-metadata-token;" \(path)
                    T=$(token 1); while test $(status -H "X-aws-ec2-metadata-token: $T" \(path)) = 200; do :; done; echo over
                    for life in 0 21601 x ''; do status -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: $life" $M/latest/api/token; done
                    status -X PUT $M/latest/api/token
                    status -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" -H "X-Forwarded-For: 10.0.0.1" $M/latest/api/token
                    status -X POST -d x $M/latest/api/token
                    """) == "401\n200\n401\n401\nover\n400\n400\n400\n400\n400\n403\n405")
            let token = try fixture.ask(id, "echo $T")
            // What this one may do another may not: tokens are the instance's own, also for another process of it.
            let use = "status -H 'X-aws-ec2-metadata-token: \(token)' \(path)"
            #expect(try fixture.ask(id, use) == "200" && fixture.ask(other, use) == "401")
            #expect(try fixture.ask(other, "status \(path)") == "200")
            var change = MetadataOptionsChange()
            change.isEnabled = false
            let options = try fixture.actions().modifyMetadataOptions(id, change)
            #expect(options.needsTokens && !options.isEnabled)
            let renew = "status -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 1' $M/latest/api/token"
            #expect(try fixture.ask(id, "\(use); \(renew)") == "403\n403")
        }
    }

    @Test func `is at an address that takes no port of the instance, and that no other program reaches`() throws {
        try MachineFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.region)
            let (first, second) = (try fixture.launch(image), try fixture.launch(image))
            let (one, two) = (try fixture.machine(first), try fixture.machine(second))
            defer {
                one.close()
                two.close()
            }
            let ask = MetadataImage.functions + "get meta-data/instance-id"
            #expect(try one.script(ask) == "\(first)" && two.script(ask) == "\(second)")
            // Port 80 of every address is free, as for a web server.
            let server = "busybox nc -l -p 80 -e /bin/echo served"
            let client = "until busybox nc -w 5 127.0.0.1 80 2>/dev/null; do :; done; wait"
            #expect(try one.script("\(server) & \(client)") == "served")
            // Neighbours of the address are nobody.
            #expect(try one.script(MetadataImage.functions + "curl -s -m 1 http://169.254.169.252/ || echo nobody") == "nobody")
            // Nobody listens at it in the network of the host.
            #expect(try !String(decoding: Files.readStream("/proc/net/tcp"), as: UTF8.self).contains("FEA9FEA9:0050"))
        }
    }

    @Test func `takes no more than a request may be, and answers honest programs meanwhile`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch(try MetadataImage.make(in: fixture.region))
            let answers = try fixture.ask(
                id,
                """
                long=$(head -c 8000 /dev/zero | tr '\\0' a)
                status $M/latest/$long
                status -H "X-Long: $long$long$long" $M/latest/
                status -X PUT -d @/bin/busybox $M/latest/api/token
                for i in 1 2 3 4 5 6 7 8; do (echo "GET /latest/"; exec tail -f /dev/null) | busybox nc 169.254.169.254 80 >/dev/null 2>&1 & done
                (head -c 100000 /dev/urandom | busybox nc -w 1 169.254.169.254 80 >/dev/null 2>&1)
                i=0; while test $i -lt 20; do status $M/latest/meta-data/ami-id; i=$((i+1)); done
                """)
            #expect(answers == (["414", "431", "413"] + Array(repeating: "200", count: 20)).joined(separator: "\n"))
        }
    }

    @Test(arguments: NetworkAccess.allCases.filter { $0 == .none || Programs.find("slirp4netns") != nil })
    func `has an address with a way out of the sandbox and without`(_ network: NetworkAccess) throws {
        try MachineFixture.run { fixture in
            let root = try #require(try fixture.region.image(fixture.image).root)
            let tree = try LiveTree(
                root, base: root, in: try fixture.region.store, folder: fixture.home + "/tmp/tree",
                images: try fixture.workspace.mountableImages(), environment: fixture.environment)
            defer { try? tree.close() }
            let listener = Listener(try tree.listen(at: 0xA9FE_A9FE, port: 80, network: network), port: 80)
            let script = "busybox nc 169.254.169.254 80 -e /bin/true; test -d /proc/sys/net/ipv4/conf/tap0 && echo out"
            var lines: [String] = []
            _ = try tree.run(GuestProgram(["/bin/sh", "-c", script], network: network)) { _, line in
                lines.append(String(decoding: line, as: UTF8.self))
            }
            guard case .connection = listener.accept() else {
                Issue.record("nobody came")
                return
            }
            #expect(lines == (network == .outgoing ? ["out"] : []))
        }
    }

    @Test func `refuses tags that could not be told`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch { $0.metadata.showsTags = true }
            let bad = try TagSet([Tag(key: "a/b", value: "c")])
            #expect(throws: Failure.self) { try fixture.actions().createTags(bad, on: [.owned(.instance, "\(id)")]) }
            var change = MetadataOptionsChange()
            change.showsTags = false
            _ = try fixture.actions().modifyMetadataOptions(id, change)
            try fixture.actions().createTags(bad, on: [.owned(.instance, "\(id)")])
            change.showsTags = true
            #expect(throws: Failure.self) { try fixture.actions().modifyMetadataOptions(id, change) }
        }
    }

    @Test func `is found by user data at the first boot`() throws {
        try MachineFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.region)
            let script = "#!/bin/sh\n\(MetadataImage.functions)get meta-data/instance-id > /told\n"
            let id = try fixture.launch(image) { $0.userData = Data(script.utf8).base64EncodedString() }
            #expect(try fixture.exec(id, "cat /told") == "\(id)")
        }
    }
}

/// A public key for key pairs of tests.
enum FirstBootKey {
    static let line = `The first boot of an instance`.key
}
