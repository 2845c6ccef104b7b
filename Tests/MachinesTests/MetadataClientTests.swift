import API
import Cloud
import HTTPServer
import Machines
import Model
import Orchestration
import Platform
import SigV4
import Synchronization
import TestSupport
import Testing

@Suite(
    .serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"),
    .enabled(if: MetadataImage.isAvailable, MetadataImage.missing),
    .enabled(if: AWSClients.isAvailable, AWSClients.missing))
struct `Clients and the metadata of instances` {
    @Test("an instance acts in the role of its profile, with keys that the endpoint accepts")
    func role() throws {
        try ServedFixture.run { fixture in
            let place = try Self.launch(fixture)
            let document = try fixture.machines.ask(
                place, "get meta-data/iam/security-credentials/; echo; get meta-data/iam/security-credentials/web")
            let parts = document.split(separator: "\n", maxSplits: 1)
            #expect(parts.first == "web")
            let keys = try JSONReader.read(Array(try #require(parts.last).utf8), what: "credentials")
            let (key, secret) = (try #require(keys["AccessKeyId"]?.string), try #require(keys["SecretAccessKey"]?.string))
            let token = try #require(keys["Token"]?.string)
            let identity = try Self.python(
                fixture,
                """
                sts = boto3.client("sts", region_name="us-east-1", endpoint_url=url, aws_access_key_id="\(key)",
                    aws_secret_access_key="\(secret)", aws_session_token="\(token)")
                print(sts.get_caller_identity()["Arn"])
                """)
            #expect(identity == "arn:aws:sts::\(MachineFixture.ownerID):assumed-role/web/\(place)\n")
            // The same keys until they are about to end.
            let again = try fixture.machines.ask(place, "get meta-data/iam/security-credentials/web")
            #expect(again.contains(key))
        }
    }

    @Test("botocore finds the keys of a role by its own way through the service, with tokens and without")
    func fetcher() throws {
        try ServedFixture.run { fixture in
            let id = try Self.launch(fixture)
            let machines = fixture.machines
            let service = try MetadataService(id, in: machines.region, machines.workspace.plane)
            let cancellation = Cancellation()
            let server = try Server(
                port: 0, environment: .system(cancellation: cancellation), handler: { service.respond(to: $0) })
            let found = Mutex("")
            try together(
                {
                    defer { cancellation.cancel() }
                    let output = try AWSClients.python(
                        """
                        from botocore.utils import InstanceMetadataFetcher
                        for v1 in (False, True):
                            fetcher = InstanceMetadataFetcher(timeout=10, num_attempts=1, base_url="http://127.0.0.1:\(server.port)",
                                config={"ec2_metadata_v1_disabled": not v1})
                            found = fetcher.retrieve_iam_role_credentials()
                            print(found["role_name"], found["access_key"][:4], len(found["token"]) > 20)
                        """)
                    found.withLock { $0 = output }
                }, { server.run() })
            #expect(found.withLock { $0 } == "web ASIA True\nweb ASIA True\n")
        }
    }

    @Test("an instance hears of its IPv6 addresses and of every block of its networks where EC2 has them")
    func blocks() throws {
        try ServedFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.machines.region)
            let output = try Self.python(
                fixture,
                """
                v = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
                ec2.associate_vpc_cidr_block(VpcId=v["VpcId"], CidrBlock="10.1.0.0/16")
                whole = v["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
                part = whole.replace("::/56", "::/64")
                s = ec2.create_subnet(VpcId=v["VpcId"], CidrBlock="10.0.0.0/24", Ipv6CidrBlock=part)["Subnet"]["SubnetId"]
                i = ec2.run_instances(ImageId="\(image)", InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=s,
                    Ipv6AddressCount=2)["Instances"][0]
                print(i["InstanceId"], whole, part, *(a["Ipv6Address"] for a in i["NetworkInterfaces"][0]["Ipv6Addresses"]))
                """
            ).split(whereSeparator: \.isWhitespace).map(String.init)
            try #require(output.count == 5, "\(output)")
            let told = try fixture.machines.ask(
                try InstanceID(parsing: output[0]),
                """
                get meta-data/ipv6; echo; status -H "X-aws-ec2-metadata-token: $T" $M/latest/meta-data/ipv6s
                for name in ipv6s vpc-ipv4-cidr-block vpc-ipv4-cidr-blocks vpc-ipv6-cidr-blocks subnet-ipv6-cidr-blocks
                do get meta-data/network/interfaces/macs/$(get meta-data/mac)/$name; echo; done
                """)
            #expect(
                told.split(separator: "\n").map(String.init) == [
                    output[3], "404", output[3], output[4], "10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16", output[1], output[2],
                ])
        }
    }

    @Test("what was asked of the options is shown, changed and refused as boto3 sees it")
    func options() throws {
        try ServedFixture.run { fixture in
            let image = try MetadataImage.make(in: fixture.machines.region)
            let output = try Self.python(
                fixture,
                """
                run = lambda **m: ec2.run_instances(ImageId="\(image)", InstanceType="t3.micro", MinCount=1, MaxCount=1,
                    **m)["Instances"][0]
                plain = run()
                print(plain["MetadataOptions"])
                asked = run(MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 3, "HttpEndpoint": "enabled",
                    "InstanceMetadataTags": "enabled", "HttpProtocolIpv6": "disabled"})
                print(asked["MetadataOptions"]["HttpTokens"], asked["MetadataOptions"]["HttpPutResponseHopLimit"],
                    asked["MetadataOptions"]["InstanceMetadataTags"])
                changed = ec2.modify_instance_metadata_options(InstanceId=asked["InstanceId"], HttpEndpoint="disabled")
                print(changed["InstanceMetadataOptions"]["State"], changed["InstanceMetadataOptions"]["HttpEndpoint"])
                shown = ec2.describe_instances(InstanceIds=[asked["InstanceId"]])["Reservations"][0]["Instances"][0]
                print(shown["MetadataOptions"]["State"], shown["MetadataOptions"]["HttpEndpoint"])
                def code(call):
                    try: call(); return "no error"
                    except Exception as e: return e.response["Error"]["Code"]
                print(code(lambda: run(MetadataOptions={"HttpPutResponseHopLimit": 65})))
                print(code(lambda: run(MetadataOptions={"HttpTokens": "always"})))
                print(code(lambda: ec2.modify_instance_metadata_options(InstanceId=asked["InstanceId"])))
                print(code(lambda: run(MetadataOptions={"InstanceMetadataTags": "enabled"},
                    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "a/b", "Value": "c"}]}])))
                """)
            #expect(
                output.split(separator: "\n").map(String.init) == [
                    """
                    {'State': 'applied', 'HttpTokens': 'optional', 'HttpPutResponseHopLimit': 1, 'HttpEndpoint': 'enabled', \
                    'HttpProtocolIpv6': 'disabled', 'InstanceMetadataTags': 'disabled'}
                    """, "required 3 enabled", "pending disabled", "applied disabled", "InvalidParameterValue",
                    "InvalidParameterValue", "MissingParameter", "InvalidParameterValue",
                ], "\(output)")
        }
    }

    /// An instance of a profile with the role `web`.
    private static func launch(_ fixture: ServedFixture) throws -> InstanceID {
        let image = try MetadataImage.make(in: fixture.machines.region)
        let output = try python(
            fixture,
            """
            import json
            trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"}}]}
            iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(trust))
            iam.create_instance_profile(InstanceProfileName="web-profile")
            iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web")
            def run(profile, **more):
                return ec2.run_instances(ImageId="\(image)", InstanceType="t3.micro", MinCount=1, MaxCount=1,
                    IamInstanceProfile=profile, **more)["Instances"][0]
            try: run({"Name": "nobody"})
            except Exception as e: assert e.response["Error"]["Code"] == "InvalidParameterValue", e
            instance = run({"Name": "web-profile"}, MetadataOptions={"HttpTokens": "required"})
            assert instance["IamInstanceProfile"]["Arn"].endswith(":instance-profile/web-profile"), instance
            print(instance["InstanceId"])
            """)
        return try InstanceID(parsing: String(output.filter { !$0.isWhitespace }))
    }

    private static func python(_ fixture: ServedFixture, _ script: String) throws -> String {
        try AWSClients.python(
            """
            import boto3
            url = "http://127.0.0.1:\(fixture.port)"
            def client(service):
                return boto3.client(service, region_name="us-east-1", endpoint_url=url,
                    aws_access_key_id="\(fixture.owner.key.id)", aws_secret_access_key="\(fixture.owner.key.secret)")
            ec2, iam = client("ec2"), client("iam")

            """ + script)
    }
}
