import TestSupport
import Testing

/// boto3 on further blocks of networks, options of subnets and DHCP options.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct NetworkBlockClientTests {
    @Test("a VPC has up to five IPv4 blocks and one of Amazon's IPv6 blocks, and keeps those in use")
    func blocks() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                v = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
                add = lambda **more: ec2.associate_vpc_cidr_block(VpcId=v, **more)
                shown = lambda: ec2.describe_vpcs(VpcIds=[v])["Vpcs"][0]
                a = add(CidrBlock="10.0.1.0/24")["CidrBlockAssociation"]
                print(a["CidrBlock"], a["CidrBlockState"], fails(lambda: add(CidrBlock="10.0.1.128/25")), fails(lambda: add(CidrBlock="10.0.0.0/8")))
                for n in (2, 3, 4): add(CidrBlock=f"10.0.{n}.0/24")
                print(says(lambda: add(CidrBlock="10.0.5.0/24")).replace(v, "V"), len(shown()["CidrBlockAssociationSet"]))
                b = add(AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]; six = b["Ipv6CidrBlock"]
                print(six.startswith("2600:1f") and six.endswith("::/56"), says(lambda: add(AmazonProvidedIpv6CidrBlock=True)).replace(v, "V"))
                s = ec2.create_subnet(VpcId=v, CidrBlock="10.0.1.0/25")["Subnet"]["SubnetId"]
                print(fails(lambda: ec2.disassociate_vpc_cidr_block(AssociationId=a["AssociationId"])), fails(lambda: ec2.create_subnet(VpcId=v, CidrBlock="10.1.0.0/24")))
                part = lambda block: ec2.associate_subnet_cidr_block(SubnetId=s, Ipv6CidrBlock=block)["Ipv6CidrBlockAssociation"]
                print(fails(lambda: part("2001:db8::/64")), fails(lambda: part(six.replace("::/56", "::/63"))), fails(lambda: part("nonsense")))
                c = part(six.replace("::/56", "::/64")); print(c["Ipv6CidrBlockState"]["State"], fails(lambda: part(six.replace("::/56", "::/64"))))
                option = lambda **more: ec2.modify_subnet_attribute(SubnetId=s, **more)
                option(AssignIpv6AddressOnCreation={"Value": True}); option(EnableResourceNameDnsARecordOnLaunch={"Value": True}); option(PrivateDnsHostnameTypeOnLaunch="resource-name")
                d = ec2.describe_subnets(Filters=[{"Name": "ipv6-cidr-block-association.association-id", "Values": [c["AssociationId"]]}])["Subnets"][0]
                print(d["AssignIpv6AddressOnCreation"], d["PrivateDnsNameOptionsOnLaunch"])
                n = ec2.create_network_interface(SubnetId=s)["NetworkInterface"]; print(len(n["Ipv6Addresses"]), fails(lambda: ec2.disassociate_subnet_cidr_block(AssociationId=c["AssociationId"])))
                ec2.delete_network_interface(NetworkInterfaceId=n["NetworkInterfaceId"])
                print(fails(lambda: ec2.disassociate_vpc_cidr_block(AssociationId=b["AssociationId"])))
                ec2.disassociate_subnet_cidr_block(AssociationId=c["AssociationId"]); print(fails(lambda: option(AssignIpv6AddressOnCreation={"Value": True})))
                print(ec2.disassociate_vpc_cidr_block(AssociationId=b["AssociationId"])["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"] == six)
                first = shown()["CidrBlockAssociationSet"][0]["AssociationId"]
                print(fails(lambda: ec2.disassociate_vpc_cidr_block(AssociationId=first)), fails(lambda: ec2.disassociate_vpc_cidr_block(AssociationId=b["AssociationId"])))
                print(fails(lambda: other("ec2").disassociate_vpc_cidr_block(AssociationId=a["AssociationId"])))
                w = ec2.create_vpc(CidrBlock="10.9.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
                g = ec2.describe_security_groups(GroupIds=[ec2.create_security_group(GroupName="x", Description="x", VpcId=w["VpcId"])["GroupId"]])["SecurityGroups"][0]
                print(g["IpPermissionsEgress"][0]["Ipv6Ranges"], len(ec2.describe_vpcs(Filters=[{"Name": "ipv6-cidr-block-association.state", "Values": ["associated"]}])["Vpcs"]))
                ec2.delete_subnet(SubnetId=s); ec2.delete_vpc(VpcId=v)
                """)
            #expect(
                output == """
                    10.0.1.0/24 {'State': 'associating'} ('CidrConflict', 400) ('InvalidVpc.Range', 400)
                    This network V has met its maximum number of allowed CIDRs: 5 5
                    True This network V has met its maximum number of allowed CIDRs: 1
                    ('DependencyViolation', 400) ('InvalidSubnet.Range', 400)
                    ('InvalidSubnet.Range', 400) ('InvalidSubnet.Range', 400) ('InvalidParameterValue', 400)
                    associating ('CidrLimitExceeded', 400)
                    True {'HostnameType': 'resource-name', 'EnableResourceNameDnsARecord': True, 'EnableResourceNameDnsAAAARecord': False}
                    1 ('DependencyViolation', 400)
                    ('DependencyViolation', 400)
                    ('InvalidParameterValue', 400)
                    True
                    ('OperationNotPermitted', 400) ('InvalidVpcCidrBlockAssociationID.NotFound', 400)
                    ('InvalidVpcCidrBlockAssociationID.NotFound', 400)
                    [{'CidrIpv6': '::/0'}] 1

                    """)
        }
    }

    @Test("DHCP options are made within EC2's bounds, given to VPCs and kept while one has them")
    func dhcp() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                make = lambda key, *values: ec2.create_dhcp_options(DhcpConfigurations=[{"Key": key, "Values": list(values)}])["DhcpOptions"]
                d = make("domain-name-servers", "10.0.0.2", "10.0.0.3"); id = d["DhcpOptionsId"]
                print(d["DhcpConfigurations"], d["Tags"])
                print(fails(lambda: make("ntp-servers", *"12345")), fails(lambda: make("netbios-node-type", "0")), fails(lambda: make("colour", "blue")))
                v = ec2.describe_vpcs()["Vpcs"][0]; print(v["DhcpOptionsId"])
                give = lambda options, to=v["VpcId"]: ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=to)
                give(id); print(len(ec2.describe_vpcs(Filters=[{"Name": "dhcp-options-id", "Values": [id]}])["Vpcs"]), fails(lambda: ec2.delete_dhcp_options(DhcpOptionsId=id)))
                print(fails(lambda: give("foo")), fails(lambda: give(id, "vpc-0123456789abcdef0")), fails(lambda: other("ec2").delete_dhcp_options(DhcpOptionsId=id)))
                ec2.create_tags(Resources=[id], Tags=[{"Key": "Name", "Value": "inner"}])
                print([len(ec2.describe_dhcp_options(Filters=[{"Name": n, "Values": [x]}])["DhcpOptions"]) for n, x in (("tag:Name", "inner"), ("value", "10.0.0.3"), ("key", "domain-name"))])
                give("default"); ec2.delete_dhcp_options(DhcpOptionsId=id)
                print(fails(lambda: ec2.describe_dhcp_options(DhcpOptionsIds=[id])), fails(lambda: ec2.delete_dhcp_options(DhcpOptionsId="x")), ec2.describe_tags()["Tags"])
                """)
            #expect(
                output == """
                    [{'Key': 'domain-name-servers', 'Values': [{'Value': '10.0.0.2'}, {'Value': '10.0.0.3'}]}] []
                    ('InvalidParameterValue', 400) ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                    default
                    1 ('DependencyViolation', 400)
                    ('InvalidDhcpOptionID.NotFound', 400) ('InvalidVpcID.NotFound', 400) ('InvalidDhcpOptionID.NotFound', 400)
                    [1, 1, 0]
                    ('InvalidDhcpOptionID.NotFound', 400) ('InvalidDhcpOptionsId.Malformed', 400) []

                    """)
        }
    }
}
