import Cloud
import TestSupport
import Testing

/// boto3 on VPCs, subnets and routes.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct VPCClientTests {
    @Test("VPCs and subnets are made within EC2's bounds, and deleted when nothing is in them")
    func vpcs() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                tags = lambda t: [{"ResourceType": t, "Tags": [{"Key": "Team", "Value": "x"}]}]
                v = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc"))["Vpc"]
                print(v["IsDefault"], v["CidrBlockAssociationSet"][0]["CidrBlock"], v["Tags"])
                for block in ("10.0.0.0/8", "10.0.0.0/29"): print(fails(lambda: ec2.create_vpc(CidrBlock=block)))
                print(says(lambda: ec2.create_vpc(CidrBlock="10.0.0/16")))
                print(fails(lambda: ec2.create_default_vpc()))
                make = lambda block, **more: ec2.create_subnet(VpcId=v["VpcId"], CidrBlock=block, **more)["Subnet"]
                s = make("10.0.1.0/24", AvailabilityZone="us-east-1b", TagSpecifications=tags("subnet"))
                print(s["AvailabilityZone"], s["AvailableIpAddressCount"], s["MapPublicIpOnLaunch"], s["Tags"])
                print(fails(lambda: make("10.0.1.128/25")), fails(lambda: make("10.1.0.0/24")), fails(lambda: make("10.0.2.0/24", AvailabilityZone="us-east-1z")))
                ec2.modify_subnet_attribute(SubnetId=s["SubnetId"], MapPublicIpOnLaunch={"Value": True})
                print(ec2.describe_subnets(Filters=[{"Name": "tag:Team", "Values": ["x"]}])["Subnets"][0]["MapPublicIpOnLaunch"])
                asked = lambda a: ec2.describe_vpc_attribute(VpcId=v["VpcId"], Attribute=a)[a[0].upper() + a[1:]]["Value"]
                print(asked("enableDnsSupport"), asked("enableDnsHostnames"))
                ec2.modify_vpc_attribute(VpcId=v["VpcId"], EnableDnsHostnames={"Value": True}); print(asked("enableDnsHostnames"))
                print(fails(lambda: ec2.delete_vpc(VpcId=v["VpcId"])), fails(lambda: ec2.delete_vpc(VpcId="vpc-0123456789abcdef0")))
                print(fails(lambda: other("ec2").delete_subnet(SubnetId=s["SubnetId"])))
                ec2.delete_subnet(SubnetId=s["SubnetId"]); ec2.delete_vpc(VpcId=v["VpcId"])
                print(len(ec2.describe_vpcs()["Vpcs"]), ec2.describe_tags()["Tags"])
                """)
            #expect(
                output == """
                    False 10.0.0.0/16 [{'Key': 'Team', 'Value': 'x'}]
                    ('InvalidVpc.Range', 400)
                    ('InvalidVpc.Range', 400)
                    Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.
                    ('DefaultVpcAlreadyExists', 400)
                    us-east-1b 251 False [{'Key': 'Team', 'Value': 'x'}]
                    ('InvalidSubnet.Conflict', 400) ('InvalidSubnet.Range', 400) ('InvalidParameterValue', 400)
                    True
                    True False
                    True
                    ('DependencyViolation', 400) ('InvalidVpcID.NotFound', 400)
                    ('InvalidSubnetID.NotFound', 400)
                    1 []

                    """)
        }
    }

    @Test("a default VPC that was deleted stays away until it is asked for")
    func defaultVPC() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                v = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
                g = ec2.describe_internet_gateways()["InternetGateways"][0]
                print(g["Attachments"] == [{"VpcId": v, "State": "available"}])
                for s in ec2.describe_subnets()["Subnets"]: ec2.delete_subnet(SubnetId=s["SubnetId"])
                print(fails(lambda: ec2.delete_vpc(VpcId=v)), fails(lambda: ec2.delete_internet_gateway(InternetGatewayId=g["InternetGatewayId"])))
                ec2.detach_internet_gateway(InternetGatewayId=g["InternetGatewayId"], VpcId=v)
                ec2.delete_internet_gateway(InternetGatewayId=g["InternetGatewayId"]); ec2.delete_vpc(VpcId=v)
                print(ec2.describe_vpcs()["Vpcs"], fails(lambda: ec2.create_security_group(GroupName="x", Description="x")))
                print(ec2.create_default_vpc()["Vpc"]["IsDefault"], len(ec2.describe_subnets()["Subnets"]), fails(lambda: ec2.create_default_subnet(AvailabilityZone="us-east-1a")))
                """)
            #expect(
                output == """
                    True
                    ('DependencyViolation', 400) ('DependencyViolation', 400)
                    [] ('VPCIdNotSpecified', 400)
                    True 3 ('DefaultSubnetAlreadyExistsInAvailabilityZone', 400)

                    """)
        }
    }

    @Test("route tables have routes and subnets, and the main one stays")
    func routes() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                v = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
                s = ec2.create_subnet(VpcId=v, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
                main = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [v]}, {"Name": "association.main", "Values": ["true"]}])["RouteTables"][0]
                print([r["GatewayId"] for r in main["Routes"]], main["Associations"][0]["Main"])
                t = ec2.create_route_table(VpcId=v)["RouteTable"]["RouteTableId"]
                g = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
                route = lambda: ec2.create_route(RouteTableId=t, DestinationCidrBlock="0.0.0.0/0", GatewayId=g)
                print(fails(route))
                ec2.attach_internet_gateway(InternetGatewayId=g, VpcId=v); print(route()["Return"], fails(route))
                print(fails(lambda: ec2.attach_internet_gateway(InternetGatewayId=g, VpcId=v)))
                a = ec2.associate_route_table(RouteTableId=t, SubnetId=s)["AssociationId"]
                other_table = ec2.create_route_table(VpcId=v)["RouteTable"]["RouteTableId"]
                print(ec2.associate_route_table(RouteTableId=t, SubnetId=s)["AssociationId"] == a, fails(lambda: ec2.associate_route_table(RouteTableId=other_table, SubnetId=s)), fails(lambda: ec2.delete_route_table(RouteTableId=t)))
                tables = lambda: {r["RouteTableId"]: r["Associations"] for r in ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [v]}])["RouteTables"]}
                replace = lambda association, table: ec2.replace_route_table_association(AssociationId=association, RouteTableId=table)["NewAssociationId"]
                b = replace(a, other_table); print(b != a, [x["RouteTableAssociationId"] == b for x in tables()[other_table]], tables()[t], replace(b, other_table) == b, fails(lambda: replace(a, t)))
                a = replace(b, t); m = replace(main["Associations"][0]["RouteTableAssociationId"], other_table)
                print(tables()[main["RouteTableId"]], [x["Main"] for x in tables()[other_table]], fails(lambda: ec2.delete_route_table(RouteTableId=other_table)))
                replace(m, main["RouteTableId"]); ec2.delete_route_table(RouteTableId=other_table)
                print([r["DestinationCidrBlock"] for r in ec2.describe_route_tables(RouteTableIds=[t])["RouteTables"][0]["Routes"]])
                ec2.delete_route(RouteTableId=t, DestinationCidrBlock="0.0.0.0/0"); ec2.disassociate_route_table(AssociationId=a)
                print(fails(lambda: ec2.delete_route(RouteTableId=t, DestinationCidrBlock="0.0.0.0/0")), fails(lambda: ec2.disassociate_route_table(AssociationId=a)))
                ec2.delete_route_table(RouteTableId=t)
                print(fails(lambda: ec2.delete_route_table(RouteTableId=main["RouteTableId"])))
                print(ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [v]}])["NetworkAcls"][0]["Associations"][0]["SubnetId"] == s)
                """)
            #expect(
                output == """
                    ['local'] True
                    ('InvalidParameterValue', 400)
                    True ('RouteAlreadyExists', 400)
                    ('Resource.AlreadyAssociated', 400)
                    True ('Resource.AlreadyAssociated', 400) ('DependencyViolation', 400)
                    True [True] [] True ('InvalidAssociationID.NotFound', 400)
                    [] [True] ('DependencyViolation', 400)
                    ['10.0.0.0/16', '0.0.0.0/0']
                    ('InvalidRoute.NotFound', 400) ('InvalidAssociationID.NotFound', 400)
                    ('DependencyViolation', 400)
                    True

                    """)
        }
    }

    @Test("routes lead to gateways and interfaces, by either protocol, and are replaced")
    func targets() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("base")
            let output = try fixture.boto3(
                """
                v = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]; s = ec2.create_subnet(VpcId=v, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
                t = ec2.create_route_table(VpcId=v)["RouteTable"]["RouteTableId"]; g = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
                ec2.attach_internet_gateway(InternetGatewayId=g, VpcId=v)
                e = ec2.create_network_interface(SubnetId=s)["NetworkInterface"]["NetworkInterfaceId"]
                i = ec2.run_instances(ImageId="\(image.id)", InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=s)["Instances"][0]["InstanceId"]
                make = lambda **more: ec2.create_route(RouteTableId=t, **more); replace = lambda to="0.0.0.0/0", **more: ec2.replace_route(RouteTableId=t, DestinationCidrBlock=to, **more)
                shown = lambda: [r for r in ec2.describe_route_tables(RouteTableIds=[t])["RouteTables"][0]["Routes"] if r["Origin"] == "CreateRoute"]
                make(DestinationCidrBlock="0.0.0.0/0", NetworkInterfaceId=e); print(shown()[0]["NetworkInterfaceId"] == e, shown()[0]["State"])
                replace(InstanceId=i); print(shown()[0]["InstanceId"] == i, shown()[0]["State"], fails(lambda: replace("10.9.0.0/16", GatewayId=g)))
                replace(GatewayId=g); print(shown()[0]["GatewayId"] == g, "InstanceId" in shown()[0])
                make(DestinationIpv6CidrBlock="2001:db8::1/32", GatewayId=g); print([r["DestinationIpv6CidrBlock"] for r in shown() if "DestinationIpv6CidrBlock" in r])
                print(len(ec2.describe_route_tables(Filters=[{"Name": "route.destination-ipv6-cidr-block", "Values": ["2001:db8::/32"]}])["RouteTables"]))
                print(fails(lambda: make(DestinationCidrBlock="10.1.0.0/16", NetworkInterfaceId="eni-1234abcd")), fails(lambda: make(DestinationCidrBlock="10.1.0.0/16", NetworkInterfaceId=e, GatewayId=g)))
                print(fails(lambda: make(NetworkInterfaceId=e)), fails(lambda: make(DestinationCidrBlock="10.1.0.0/16")), fails(lambda: make(DestinationCidrBlock="10.1.0.0/16", InstanceId="i-1234abcd")))
                print(fails(lambda: ec2.create_route(RouteTableId=ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"], DestinationCidrBlock="10.1.0.0/16", NetworkInterfaceId=e)))
                ec2.detach_internet_gateway(InternetGatewayId=g, VpcId=v); print([r["State"] for r in shown()])
                ec2.delete_route(RouteTableId=t, DestinationIpv6CidrBlock="2001:db8::/32"); print(len(shown()))
                """)
            #expect(
                output == """
                    True blackhole
                    True active ('InvalidParameterValue', 400)
                    True False
                    ['2001:db8::/32']
                    1
                    ('InvalidNetworkInterfaceID.NotFound', 400) ('InvalidParameterCombination', 400)
                    ('MissingParameter', 400) ('MissingParameter', 400) ('InvalidInstanceID.NotFound', 400)
                    ('InvalidParameterValue', 400)
                    ['blackhole', 'blackhole']
                    1

                    """)
        }
    }

    @Test("rules of security groups are found, replaced and described one by one, up to sixty of them")
    func rules() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                g = ec2.create_security_group(GroupName="web", Description="for the web")["GroupId"]
                port = lambda n, d="": {"IpProtocol": "tcp", "FromPort": n, "ToPort": n, "IpRanges": [{"CidrIp": "10.0.0.0/8", **({"Description": d} if d else {})}]}
                r = ec2.authorize_security_group_ingress(GroupId=g, IpPermissions=[port(22), port(80)])["SecurityGroupRules"]
                change = lambda n: ec2.modify_security_group_rules(GroupId=g, SecurityGroupRules=[{"SecurityGroupRuleId": r[0]["SecurityGroupRuleId"], "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": n, "ToPort": n, "CidrIpv4": "10.0.0.0/8"}}])
                print(fails(lambda: change(80)), change(443)["Return"])
                ec2.update_security_group_rule_descriptions_ingress(GroupId=g, IpPermissions=[port(443, "secure")])
                asked = lambda **f: ec2.describe_security_group_rules(Filters=[{"Name": k.replace("_", "-"), "Values": [v]} for k, v in f.items()])["SecurityGroupRules"]
                print([(x["FromPort"], x.get("Description")) for x in asked(group_id=g) if not x["IsEgress"]])
                print(fails(lambda: asked(group_id="web")), fails(lambda: ec2.describe_security_group_rules(SecurityGroupRuleIds=["sgr-0123456789abcdef0"])))
                ec2.create_tags(Resources=[r[1]["SecurityGroupRuleId"], g], Tags=[{"Key": "Team", "Value": "x"}])
                print(len(ec2.describe_security_group_rules(Filters=[{"Name": "tag:Team", "Values": ["x"]}])["SecurityGroupRules"]), [t["ResourceType"] for t in ec2.describe_tags()["Tags"]])
                print(len(ec2.authorize_security_group_ingress(GroupId=g, IpPermissions=[port(n) for n in range(1000, 1058)])["SecurityGroupRules"]))
                print(fails(lambda: ec2.authorize_security_group_ingress(GroupId=g, IpPermissions=[port(1)])))
                print(len(ec2.describe_security_groups(Filters=[{"Name": "ip-permission.from-port", "Values": ["1057"]}])["SecurityGroups"]))
                """)
            #expect(
                output == """
                    ('InvalidPermission.Duplicate', 400) True
                    [(443, 'secure'), (80, None)]
                    ('InvalidGroupId.Malformed', 400) ('InvalidSecurityGroupRuleId.NotFound', 400)
                    1 ['security-group', 'security-group-rule']
                    58
                    ('RulesPerSecurityGroupLimitExceeded', 400)
                    1

                    """)
        }
    }
}
