import Cloud
import Model
import Synchronization
import TestSupport
import Testing

/// boto3 on network interfaces and elastic addresses.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct NetworkInterfaceClientTests {
    /// A VPC with a subnet, and a way to launch.
    private static let setting = """
        v = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        six = v["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("::/56", "::/64")
        s = ec2.create_subnet(VpcId=v["VpcId"], CidrBlock="10.0.0.0/28", Ipv6CidrBlock=six)["Subnet"]["SubnetId"]
        g = ec2.create_security_group(GroupName="web", Description="web", VpcId=v["VpcId"])["GroupId"]
        image = ec2.describe_images(Owners=["self"])["Images"][0]["ImageId"]
        def launch(**more): return ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, **more)["Instances"][0]
        def shown(id): return ec2.describe_network_interfaces(NetworkInterfaceIds=[id])["NetworkInterfaces"][0]
        def addresses(id): return [a["PrivateIpAddress"] for a in shown(id)["PrivateIpAddresses"]]

        """

    private static func expect(_ script: String, prints expected: String) throws {
        try EndpointFixture.run { fixture in
            try fixture.image("base")
            #expect(try fixture.boto3(setting + script) == expected)
        }
    }

    @Test("interfaces are made, described, changed, attached, detached and deleted")
    func life() throws {
        try Self.expect(
            """
            tags = [{"ResourceType": "network-interface", "Tags": [{"Key": "Team", "Value": "x"}]}]
            make = lambda: ec2.create_network_interface(SubnetId=s, Groups=[g], Description="second", PrivateIpAddress="10.0.0.9", TagSpecifications=tags, ClientToken="once")["NetworkInterface"]
            n = make(); e = n["NetworkInterfaceId"]
            print(n["Status"], n["PrivateIpAddress"], n["VpcId"] == v["VpcId"], n["TagSet"], make()["NetworkInterfaceId"] == e, len(n["MacAddress"]))
            print(fails(lambda: ec2.create_network_interface(SubnetId=s, PrivateIpAddress="10.0.0.9")), fails(lambda: ec2.create_network_interface(SubnetId=s, PrivateIpAddress="10.0.0.3")))
            print(fails(lambda: ec2.create_network_interface(SubnetId=s, Groups=["sg-0123456789abcdef0"])), fails(lambda: ec2.create_network_interface(SubnetId=s, EnablePrimaryIpv6=True)))
            print(fails(lambda: ec2.delete_subnet(SubnetId=s)), fails(lambda: ec2.delete_security_group(GroupId=g)), fails(lambda: other("ec2").delete_network_interface(NetworkInterfaceId=e)))
            many = [ec2.create_security_group(GroupName=f"g{n}", Description="x", VpcId=v["VpcId"])["GroupId"] for n in range(6)]
            print(fails(lambda: ec2.create_network_interface(SubnetId=s, Groups=many)), [a["AttributeValues"][0]["AttributeValue"] for a in ec2.describe_account_attributes(AttributeNames=["vpc-max-security-groups-per-interface", "max-elastic-ips"])["AccountAttributes"]])
            i = launch(SubnetId=s)["InstanceId"]
            attach = lambda **more: ec2.attach_network_interface(NetworkInterfaceId=e, InstanceId=i, **more)
            print(fails(lambda: attach(DeviceIndex=0)), fails(lambda: attach(DeviceIndex=2)), fails(lambda: attach(DeviceIndex=1, DryRun=True)))
            a = attach(DeviceIndex=1)["AttachmentId"]
            print([x["NetworkInterfaceId"] == e for x in ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]["NetworkInterfaces"]])
            print(shown(e)["Status"], shown(e)["Attachment"]["DeviceIndex"], fails(lambda: attach(DeviceIndex=1)), fails(lambda: ec2.delete_network_interface(NetworkInterfaceId=e)))
            modify = lambda **more: ec2.modify_network_interface_attribute(NetworkInterfaceId=e, **more)
            modify(SourceDestCheck={"Value": False}); modify(Description={"Value": "third"}); modify(Attachment={"AttachmentId": a, "DeleteOnTermination": True})
            asked = lambda name: ec2.describe_network_interface_attribute(NetworkInterfaceId=e, Attribute=name)
            print(asked("sourceDestCheck")["SourceDestCheck"], asked("description")["Description"], asked("attachment")["Attachment"]["DeleteOnTermination"], asked("groupSet")["Groups"][0]["GroupName"])
            ec2.reset_network_interface_attribute(NetworkInterfaceId=e, SourceDestCheck="true"); print(shown(e)["SourceDestCheck"], fails(lambda: modify()))
            modify(Attachment={"AttachmentId": a, "DeleteOnTermination": False}); ec2.detach_network_interface(AttachmentId=a)
            first = ec2.describe_network_interfaces(Filters=[{"Name": "attachment.instance-id", "Values": [i]}])["NetworkInterfaces"][0]
            print(says(lambda: ec2.detach_network_interface(AttachmentId=first["Attachment"]["AttachmentId"])), fails(lambda: ec2.detach_network_interface(AttachmentId=a)))
            print(len(ec2.describe_network_interfaces(Filters=[{"Name": "tag:Team", "Values": ["x"]}, {"Name": "status", "Values": ["available"]}])["NetworkInterfaces"]))
            ec2.delete_network_interface(NetworkInterfaceId=e); print(fails(lambda: shown(e)), ec2.delete_security_group(GroupId=g)["Return"])
            """,
            prints: """
                available 10.0.0.9 True [{'Key': 'Team', 'Value': 'x'}] True 17
                ('InvalidIPAddress.InUse', 400) ('InvalidParameterValue', 400)
                ('InvalidGroup.NotFound', 400) ('UnknownParameter', 400)
                ('DependencyViolation', 400) ('DependencyViolation', 400) ('InvalidNetworkInterfaceID.NotFound', 400)
                ('SecurityGroupsPerInterfaceLimitExceeded', 400) ['5', '5']
                ('InvalidParameterValue', 400) ('AttachmentLimitExceeded', 400) ('DryRunOperation', 412)
                [False, True]
                in-use 1 ('InvalidNetworkInterface.InUse', 400) ('InvalidNetworkInterface.InUse', 400)
                {'Value': False} {'Value': 'third'} True web
                True ('InvalidParameterCombination', 400)
                The network interface at device index 0 and networkCard index 0 cannot be detached. ('InvalidAttachmentID.NotFound', 400)
                1
                ('InvalidNetworkInterfaceID.NotFound', 400) True

                """)
    }

    @Test("addresses of both protocols are given to an interface and taken away, each to one alone")
    func assigning() throws {
        try Self.expect(
            """
            e = ec2.create_network_interface(SubnetId=s, SecondaryPrivateIpAddressCount=1, Ipv6AddressCount=1)["NetworkInterface"]["NetworkInterfaceId"]
            f = ec2.create_network_interface(SubnetId=s)["NetworkInterface"]["NetworkInterfaceId"]
            print(addresses(e), addresses(f), len(shown(e)["Ipv6Addresses"]), shown(e)["PrivateIpAddresses"][1]["Primary"])
            assign = lambda id, **more: [a["PrivateIpAddress"] for a in ec2.assign_private_ip_addresses(NetworkInterfaceId=id, **more)["AssignedPrivateIpAddresses"]]
            print(assign(e, PrivateIpAddresses=["10.0.0.12"]), assign(e, PrivateIpAddresses=["10.0.0.12"]), assign(e, SecondaryPrivateIpAddressCount=2))
            print(fails(lambda: assign(f, PrivateIpAddresses=["10.0.0.12"])), fails(lambda: assign(f, PrivateIpAddresses=["10.0.0.4"], AllowReassignment=True)))
            print(assign(f, PrivateIpAddresses=["10.0.0.12"], AllowReassignment=True), addresses(e), addresses(f))
            print(fails(lambda: assign(f, SecondaryPrivateIpAddressCount=9)), addresses(f))
            ec2.unassign_private_ip_addresses(NetworkInterfaceId=f, PrivateIpAddresses=["10.0.0.12"])
            print(fails(lambda: ec2.unassign_private_ip_addresses(NetworkInterfaceId=f, PrivateIpAddresses=["10.0.0.6"])), addresses(f))
            print(ec2.describe_subnets(SubnetIds=[s])["Subnets"][0]["AvailableIpAddressCount"])
            at = six.replace("::/64", "::77")
            print(ec2.assign_ipv6_addresses(NetworkInterfaceId=f, Ipv6Addresses=[at])["AssignedIpv6Addresses"] == [at], fails(lambda: ec2.assign_ipv6_addresses(NetworkInterfaceId=e, Ipv6Addresses=[at])))
            print(fails(lambda: ec2.assign_ipv6_addresses(NetworkInterfaceId=e, Ipv6Addresses=["2001:db8::1"])), len(ec2.assign_ipv6_addresses(NetworkInterfaceId=f, Ipv6AddressCount=3)["AssignedIpv6Addresses"]))
            ec2.unassign_ipv6_addresses(NetworkInterfaceId=f, Ipv6Addresses=[at]); print(len(shown(f)["Ipv6Addresses"]))
            default = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
            print(fails(lambda: ec2.create_network_interface(SubnetId=default, Ipv6AddressCount=1)))
            """,
            prints: """
                ['10.0.0.4', '10.0.0.5'] ['10.0.0.6'] 1 False
                ['10.0.0.12'] [] ['10.0.0.13', '10.0.0.14']
                ('InvalidIPAddress.InUse', 400) ('InvalidIPAddress.InUse', 400)
                ['10.0.0.12'] ['10.0.0.4', '10.0.0.5', '10.0.0.13', '10.0.0.14'] ['10.0.0.6', '10.0.0.12']
                ('InsufficientFreeAddressesInSubnet', 400) ['10.0.0.6', '10.0.0.12']
                ('InvalidParameterValue', 400) ['10.0.0.6']
                6
                True ('InvalidIPAddress.InUse', 400)
                ('InvalidParameterValue', 400) 3
                3
                ('InvalidParameterValue', 400)

                """)
    }

    @Test("a launch says what interfaces its instances have, and those end with them or stay")
    func launching() throws {
        try Self.expect(
            """
            i = launch(NetworkInterfaces=[
                {"DeviceIndex": 0, "SubnetId": s, "Groups": [g], "Description": "eth0", "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": "10.0.0.8"}, {"PrivateIpAddress": "10.0.0.9"}], "Ipv6AddressCount": 1},
                {"DeviceIndex": 1, "SubnetId": s, "DeleteOnTermination": False}])
            n = i["NetworkInterfaces"]
            print(i["PrivateIpAddress"], [x["GroupName"] for x in i["SecurityGroups"]], [(x["Attachment"]["DeviceIndex"], x["Description"], len(x["PrivateIpAddresses"]), len(x["Ipv6Addresses"]), x["Attachment"]["DeleteOnTermination"]) for x in n])
            found = lambda name, value: len(ec2.describe_instances(Filters=[{"Name": name, "Values": [value]}])["Reservations"])
            print(found("network-interface.addresses.private-ip-address", "10.0.0.9"), found("network-interface.private-dns-name", "ip-10-0-0-8.ec2.internal"), found("source-dest-check", "false"))
            ec2.modify_instance_attribute(InstanceId=i["InstanceId"], SourceDestCheck={"Value": False})
            print(found("source-dest-check", "false"), shown(n[0]["NetworkInterfaceId"])["SourceDestCheck"], ec2.describe_instance_attribute(InstanceId=i["InstanceId"], Attribute="sourceDestCheck")["SourceDestCheck"])
            ec2.terminate_instances(InstanceIds=[i["InstanceId"]])
            print(fails(lambda: shown(n[0]["NetworkInterfaceId"])), shown(n[1]["NetworkInterfaceId"])["Status"])
            j = launch(NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": n[1]["NetworkInterfaceId"]}])
            print(j["SubnetId"] == s, j["NetworkInterfaces"][0]["Attachment"]["DeleteOnTermination"])
            print(fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": n[1]["NetworkInterfaceId"]}])))
            print(fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": 1, "SubnetId": s}])), fails(lambda: launch(SubnetId=s, NetworkInterfaces=[{"DeviceIndex": 0}])))
            print(fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": d, "SubnetId": s} for d in range(3)])), fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": 0, "InterfaceType": "efa"}])))
            k = launch(SubnetId=s, Ipv6AddressCount=1, Monitoring={"Enabled": True}, CreditSpecification={"CpuCredits": "standard"})
            print(len(k["NetworkInterfaces"][0]["Ipv6Addresses"]), k["Monitoring"], ec2.describe_instance_credit_specifications(InstanceIds=[k["InstanceId"]])["InstanceCreditSpecifications"][0]["CpuCredits"])
            ec2.unmonitor_instances(InstanceIds=[k["InstanceId"]]); print(found("monitoring-state", "enabled"))
            """,
            prints: """
                10.0.0.8 ['web'] [(0, 'eth0', 2, 1, True), (1, '', 1, 0, False)]
                1 1 0
                1 False {'Value': False}
                ('InvalidNetworkInterfaceID.NotFound', 400) available
                True False
                ('InvalidNetworkInterface.InUse', 400)
                ('InvalidParameterCombination', 400) ('InvalidParameterCombination', 400)
                ('AttachmentLimitExceeded', 400) ('UnsupportedOperation', 400)
                1 {'State': 'enabled'} standard
                0

                """)
    }

    @Test("no number of addresses is below none, or more than an interface can have")
    func bounds() throws {
        try Self.expect(
            """
            wide = ec2.create_subnet(VpcId=v["VpcId"], CidrBlock="10.0.128.0/17")["Subnet"]["SubnetId"]
            make = lambda **more: ec2.create_network_interface(SubnetId=wide, **more)["NetworkInterface"]["NetworkInterfaceId"]
            four = lambda id, **more: len(ec2.assign_private_ip_addresses(NetworkInterfaceId=id, **more)["AssignedPrivateIpAddresses"])
            six = lambda id, **more: len(ec2.assign_ipv6_addresses(NetworkInterfaceId=id, **more)["AssignedIpv6Addresses"])
            at = [{"PrivateIpAddress": "10.0.128.9"}]
            print(fails(lambda: make(SecondaryPrivateIpAddressCount=-1)), fails(lambda: make(SecondaryPrivateIpAddressCount=-1, PrivateIpAddresses=at)), fails(lambda: make(Ipv6AddressCount=-1)))
            for wrong in ({"SecondaryPrivateIpAddressCount": -1}, {"Ipv6AddressCount": -1}):
                one = [{"DeviceIndex": 0, "SubnetId": wide, **wrong}]
                t = ec2.create_launch_template(LaunchTemplateName=list(wrong)[0], LaunchTemplateData={"ImageId": image, "NetworkInterfaces": one})["LaunchTemplate"]["LaunchTemplateId"]
                print(fails(lambda: launch(NetworkInterfaces=one)), fails(lambda: launch(LaunchTemplate={"LaunchTemplateId": t})))
            print(fails(lambda: launch(SubnetId=s, Ipv6AddressCount=-1)))
            e = make()
            print(fails(lambda: four(e, SecondaryPrivateIpAddressCount=-1)), fails(lambda: four(e, PrivateIpAddresses=["10.0.128.9"], SecondaryPrivateIpAddressCount=-1)), fails(lambda: six(e, Ipv6AddressCount=-1)))
            print(fails(lambda: make(SecondaryPrivateIpAddressCount=50)), len(addresses(make(SecondaryPrivateIpAddressCount=49))), four(e, SecondaryPrivateIpAddressCount=40), fails(lambda: four(e, SecondaryPrivateIpAddressCount=10)), len(addresses(e)))
            print(fails(lambda: four(e, PrivateIpAddresses=[f"10.0.200.{n}" for n in range(10)])), four(e, PrivateIpAddresses=[f"10.0.200.{n}" for n in range(9)]), len(addresses(e)))
            f = ec2.create_network_interface(SubnetId=s, Ipv6AddressCount=30)["NetworkInterface"]["NetworkInterfaceId"]
            print(fails(lambda: six(f, Ipv6AddressCount=21)), six(f, Ipv6AddressCount=20), fails(lambda: six(f, Ipv6AddressCount=1)))
            i = launch(SubnetId=s); own = i["NetworkInterfaces"][0]["NetworkInterfaceId"]
            print(four(own, SecondaryPrivateIpAddressCount=1), fails(lambda: four(own, SecondaryPrivateIpAddressCount=1)), fails(lambda: six(own, Ipv6AddressCount=3)))
            print([fails(lambda: ec2.attach_network_interface(NetworkInterfaceId=x, InstanceId=i["InstanceId"], DeviceIndex=1)) for x in (e, f)])
            print(fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": e}])), fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": s, "SecondaryPrivateIpAddressCount": 2}])), fails(lambda: launch(SubnetId=s, Ipv6AddressCount=3)))
            g = make()
            print(fails(lambda: launch(NetworkInterfaces=[{"DeviceIndex": d, "NetworkInterfaceId": g} for d in range(2)])), shown(g)["Status"])
            """,
            prints: """
                ('InvalidParameterValue', 400) ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                ('InvalidParameterValue', 400)
                ('InvalidParameterValue', 400) ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                ('PrivateIpAddressLimitExceeded', 400) 50 40 ('PrivateIpAddressLimitExceeded', 400) 41
                ('PrivateIpAddressLimitExceeded', 400) 9 50
                ('PrivateIpAddressLimitExceeded', 400) 20 ('PrivateIpAddressLimitExceeded', 400)
                1 ('PrivateIpAddressLimitExceeded', 400) ('PrivateIpAddressLimitExceeded', 400)
                [('PrivateIpAddressLimitExceeded', 400), ('PrivateIpAddressLimitExceeded', 400)]
                ('PrivateIpAddressLimitExceeded', 400) ('PrivateIpAddressLimitExceeded', 400) ('PrivateIpAddressLimitExceeded', 400)
                ('InvalidNetworkInterface.InUse', 400) available

                """)
    }

    @Test("an elastic address moves along with its private one, and the host hears of each move")
    func moves() throws {
        try EndpointFixture.run { fixture in
            try fixture.image("base")
            let host = ToldHost()
            try #require(fixture.plane as? EmbeddedPlane).host = host
            let output = try fixture.boto3(
                Self.setting + """
                    i, j = (launch(SubnetId=s)["InstanceId"] for _ in range(2))
                    f, g = (ec2.create_network_interface(SubnetId=s, SecondaryPrivateIpAddressCount=n)["NetworkInterface"]["NetworkInterfaceId"] for n in (1, 0))
                    at = addresses(f)[1]
                    a = ec2.allocate_address(); id, ip = a["AllocationId"], a["PublicIp"]
                    c = ec2.associate_address(AllocationId=id, NetworkInterfaceId=f, PrivateIpAddress=at)["AssociationId"]
                    attached = ec2.attach_network_interface(NetworkInterfaceId=f, InstanceId=i, DeviceIndex=1)["AttachmentId"]
                    ec2.attach_network_interface(NetworkInterfaceId=g, InstanceId=j, DeviceIndex=1)
                    ec2.assign_private_ip_addresses(NetworkInterfaceId=g, PrivateIpAddresses=[at], AllowReassignment=True)
                    d = ec2.describe_addresses(AllocationIds=[id])["Addresses"][0]
                    leads = lambda id: [x["PrivateIpAddress"] for x in shown(id)["PrivateIpAddresses"] if "Association" in x]
                    print(d["NetworkInterfaceId"] == g, d["PrivateIpAddress"] == at, d["AssociationId"] == c, leads(f), leads(g) == [at])
                    ec2.unassign_private_ip_addresses(NetworkInterfaceId=g, PrivateIpAddresses=[at])
                    ec2.associate_address(AllocationId=id, NetworkInterfaceId=f)
                    ec2.detach_network_interface(AttachmentId=attached)
                    print(i, j)
                    """)
            let lines = output.split(separator: "\n")
            #expect(lines.first == "True True True [] True")
            let ids = try #require(lines.last).split(separator: " ").map(String.init)
            try #require(ids.count == 2)
            // Attached, moved from one to the other, unassigned, associated, detached.
            #expect(host.told == [ids[0], ids[0], ids[1], ids[1], ids[0], ids[0]])
        }
    }

    @Test("elastic addresses are kept, moved and given back")
    func elastic() throws {
        try Self.expect(
            """
            a = ec2.allocate_address(Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": [{"Key": "Team", "Value": "x"}]}])
            ip, id = a["PublicIp"], a["AllocationId"]
            print(ip.startswith("127."), a["Domain"], a["PublicIpv4Pool"], fails(lambda: ec2.allocate_address(DryRun=True)))
            i = launch(SubnetId=s); e = i["NetworkInterfaces"][0]["NetworkInterfaceId"]
            associate = lambda **more: ec2.associate_address(AllocationId=id, **more)["AssociationId"]
            c = associate(InstanceId=i["InstanceId"])
            d = ec2.describe_addresses(Filters=[{"Name": "instance-id", "Values": [i["InstanceId"]]}])["Addresses"][0]
            print(d["AssociationId"] == c, d["NetworkInterfaceId"] == e, d["PrivateIpAddress"] == i["PrivateIpAddress"], d["Tags"], associate(NetworkInterfaceId=e) == c)
            print(ec2.describe_instances(InstanceIds=[i["InstanceId"]])["Reservations"][0]["Instances"][0]["PublicIpAddress"] == ip, shown(e)["Association"]["AllocationId"] == id)
            f = ec2.create_network_interface(SubnetId=s)["NetworkInterface"]["NetworkInterfaceId"]
            print(fails(lambda: associate(NetworkInterfaceId=f, AllowReassociation=False)), fails(lambda: associate(NetworkInterfaceId=f, PrivateIpAddress="10.0.0.14")), fails(lambda: associate()))
            associate(NetworkInterfaceId=f); print("Association" in shown(e), shown(f)["Association"]["PublicIp"] == ip)
            b = ec2.allocate_address()["AllocationId"]; ec2.associate_address(AllocationId=b, NetworkInterfaceId=f)
            print(ec2.describe_addresses(AllocationIds=[id])["Addresses"][0].get("AssociationId"), fails(lambda: ec2.release_address(AllocationId=b)))
            ec2.disassociate_address(AssociationId=shown(f)["Association"]["AssociationId"]); ec2.release_address(AllocationId=b)
            print(fails(lambda: ec2.release_address(AllocationId=b)), fails(lambda: ec2.describe_addresses(PublicIps=["256.1.1.1"])), fails(lambda: other("ec2").release_address(AllocationId=id)))
            associate(NetworkInterfaceId=f); ec2.delete_network_interface(NetworkInterfaceId=f)
            print(ec2.describe_addresses(PublicIps=[ip])["Addresses"][0]["InstanceId"] == "", fails(lambda: ec2.disassociate_address(PublicIp=ip)))
            j = launch(); ec2.associate_address(PublicIp=ip, InstanceId=j["InstanceId"]); ec2.release_address(AllocationId=id)
            print(ec2.describe_addresses()["Addresses"], len(set(ec2.allocate_address()["PublicIp"] for _ in range(5))), fails(lambda: ec2.allocate_address()))
            """,
            prints: """
                True vpc amazon ('DryRunOperation', 412)
                True True True [{'Key': 'Team', 'Value': 'x'}] True
                True True
                ('Resource.AlreadyAssociated', 400) ('InvalidParameterValue', 400) ('MissingParameter', 400)
                False True
                None ('InvalidIPAddress.InUse', 400)
                ('InvalidAllocationID.NotFound', 400) ('InvalidAddress.NotFound', 400) ('InvalidAllocationID.NotFound', 400)
                True ('InvalidAssociationID.NotFound', 400)
                [] 5 ('AddressLimitExceeded', 400)

                """)
    }
}

/// Runs nothing, and keeps whose addresses changed.
private final class ToldHost: InstanceHost {
    private let ids = Mutex<[String]>([])

    var told: [String] { ids.withLock { $0 } }

    func addressesChanged(of id: InstanceID, in region: RegionName) { ids.withLock { $0.append(id.description) } }
    func started(_ ids: [InstanceID], in region: RegionName) {}
    func commandSent(_ command: String, to id: InstanceID, in region: RegionName) {}
    func end(_ id: InstanceID, in region: RegionName) {}
    func capture(_ id: InstanceID, in region: RegionName) -> Bool { true }
    func attached(_ volume: VolumeRecord, to id: InstanceID, in region: RegionName) {}
    func detach(_ volume: VolumeRecord, from id: InstanceID, in region: RegionName) {}
    func flush(_ id: InstanceID, in region: RegionName) {}
    func holds(_ id: InstanceID, in region: RegionName) -> Bool { false }
    func address(of id: InstanceID, in region: RegionName) -> String? { nil }
}
