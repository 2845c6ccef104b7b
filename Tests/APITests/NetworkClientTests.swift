import TestSupport
import Testing

/// boto3 on networks and key pairs.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct NetworkClientTests {
    @Test("every account has a default VPC with a subnet in each zone and a default group, and always the same")
    func defaults() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                v = ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"]
                print(len(v), v[0]["CidrBlock"], v == ec2.describe_vpcs()["Vpcs"])
                s = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [v[0]["VpcId"]]}])["Subnets"]
                print([(x["AvailabilityZone"], x["CidrBlock"], x["DefaultForAz"], x["AvailableIpAddressCount"]) for x in s])
                g = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]
                print(g["VpcId"] == v[0]["VpcId"], g["IpPermissionsEgress"][0]["IpRanges"], g["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == g["GroupId"])
                print(other("ec2").describe_vpcs()["Vpcs"][0]["VpcId"] != v[0]["VpcId"], client("ec2", "eu-west-1").describe_subnets()["Subnets"][0]["AvailabilityZoneId"])
                print(fails(lambda: ec2.describe_subnets(SubnetIds=["subnet-1"])), fails(lambda: ec2.describe_vpcs(VpcIds=["vpc-1"])))
                """)
            #expect(
                output == """
                    1 172.31.0.0/16 True
                    [('us-east-1a', '172.31.0.0/20', True, 4091), ('us-east-1b', '172.31.16.0/20', True, 4091), ('us-east-1c', '172.31.32.0/20', True, 4091)]
                    True [{'CidrIp': '0.0.0.0/0'}] True
                    True euw1-az1
                    ('InvalidSubnetID.NotFound', 400) ('InvalidVpcID.NotFound', 400)

                    """)
        }
    }

    @Test("security groups are made, opened, closed and deleted")
    func groups() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                g = ec2.create_security_group(GroupName="web", Description="for the web", TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Team", "Value": "x"}]}])["GroupId"]
                print(fails(lambda: ec2.create_security_group(GroupName="web", Description="again")))
                ssh = dict(GroupId=g, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.1.2.3/8", "Description": "inside"}, {"CidrIp": "0.0.0.0/0"}]}])
                print([r["CidrIpv4"] for r in ec2.authorize_security_group_ingress(**ssh)["SecurityGroupRules"]])
                print(fails(lambda: ec2.authorize_security_group_ingress(**ssh)))
                print(ec2.describe_security_groups(GroupIds=[g])["SecurityGroups"][0]["IpPermissions"])
                print(ec2.revoke_security_group_ingress(GroupId=g, CidrIp="0.0.0.0/0", IpProtocol="tcp", FromPort=22, ToPort=22)["Return"])
                print(fails(lambda: ec2.revoke_security_group_ingress(GroupId=g, CidrIp="0.0.0.0/0", IpProtocol="tcp", FromPort=22, ToPort=22)))
                a = ec2.create_security_group(GroupName="app", Description="behind it")["GroupId"]
                ec2.authorize_security_group_ingress(GroupId=a, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": g}]}])
                print(fails(lambda: ec2.revoke_security_group_ingress(GroupId=a, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "web", "GroupName": "web"}]}])))
                print(fails(lambda: ec2.delete_security_group(GroupId=g)), fails(lambda: ec2.delete_security_group(GroupName="default")))
                ec2.delete_security_group(GroupId=a); ec2.delete_security_group(GroupName="web")
                print(fails(lambda: ec2.delete_security_group(GroupId=g)))
                print(fails(lambda: ec2.authorize_security_group_ingress(GroupName="default", IpProtocol="tcp", FromPort=9, ToPort=1, CidrIp="0.0.0.0/0")))
                """)
            #expect(
                output == """
                    ('InvalidGroup.Duplicate', 400)
                    ['10.0.0.0/8', '0.0.0.0/0']
                    ('InvalidPermission.Duplicate', 400)
                    [{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'UserIdGroupPairs': [], 'IpRanges': [{'Description': 'inside', 'CidrIp': '10.0.0.0/8'}, {'CidrIp': '0.0.0.0/0'}], 'Ipv6Ranges': [], 'PrefixListIds': []}]
                    True
                    ('InvalidPermission.NotFound', 400)
                    ('InvalidGroupId.Malformed', 400)
                    ('DependencyViolation', 400) ('CannotDelete', 400)
                    ('InvalidGroup.NotFound', 400)
                    ('InvalidParameterValue', 400)

                    """)
        }
    }

    @Test(
        "key pairs are made, and OpenSSL and ssh-keygen read them",
        .enabled(if: Shell.has("ssh-keygen"), "needs ssh-keygen: apt-get install openssh-client"))
    func keyPairs() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                import base64, hashlib, os, subprocess, tempfile
                def keygen(material, *words):
                    with tempfile.TemporaryDirectory() as folder:
                        path = folder + "/key"
                        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f: f.write(material)
                        return subprocess.run([*words, path], capture_output=True, text=True)
                for kind in ("rsa", "ed25519"):
                    k = ec2.create_key_pair(KeyName="k-" + kind, KeyType=kind)
                    line = ec2.describe_key_pairs(KeyNames=["k-" + kind], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"]
                    print(keygen(k["KeyMaterial"], "ssh-keygen", "-y", "-f").stdout.split()[:2] == line.split()[:2])
                    if kind == "rsa":
                        der = subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], input=k["KeyMaterial"].encode(), capture_output=True).stdout
                        print(k["KeyFingerprint"] == ":".join(f"{b:02x}" for b in hashlib.sha1(der).digest()))
                        pub = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=k["KeyMaterial"].encode(), capture_output=True).stdout
                        i = ec2.import_key_pair(KeyName="imported", PublicKeyMaterial=line.encode())
                        print(i["KeyFingerprint"] == ":".join(f"{b:02x}" for b in hashlib.md5(pub).digest()))
                    else:
                        print(k["KeyFingerprint"] == base64.b64encode(hashlib.sha256(base64.b64decode(line.split()[1])).digest()).decode())
                print(fails(lambda: ec2.create_key_pair(KeyName="k-rsa")), fails(lambda: ec2.import_key_pair(KeyName="x", PublicKeyMaterial=b"nonsense")))
                print(len(ec2.describe_key_pairs()["KeyPairs"]), len(other("ec2").describe_key_pairs()["KeyPairs"]))
                ec2.delete_key_pair(KeyName="k-rsa"); ec2.delete_key_pair(KeyName="k-rsa")
                print(fails(lambda: ec2.describe_key_pairs(KeyNames=["k-rsa"])))
                """)
            #expect(
                output == """
                    True
                    True
                    True
                    True
                    True
                    ('InvalidKeyPair.Duplicate', 400) ('InvalidKey.Format', 400)
                    3 0
                    ('InvalidKeyPair.NotFound', 400)

                    """)
        }
    }
}
