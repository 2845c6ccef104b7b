import Cloud
import Model
import TestSupport
import Testing

/// boto3 on instances, and on the snapshots, volumes and tags around them.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct InstanceClientTests {
    @Test("an instance is launched, stopped, started, made an image of and terminated; waiters see each state")
    func life() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("base")
            let output = try fixture.boto3(
                """
                r = ec2.run_instances(ImageId="\(image.id)", MinCount=1, MaxCount=2, InstanceType="t3.micro", TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "x"}]}])
                a, b = [i["InstanceId"] for i in r["Instances"]]
                print([i["State"]["Name"] for i in r["Instances"]], [i["AmiLaunchIndex"] for i in r["Instances"]])
                w = {"Delay": 1, "MaxAttempts": 2}
                ec2.get_waiter("instance_running").wait(InstanceIds=[a, b], WaiterConfig=w)
                i = ec2.describe_instances(InstanceIds=[a])["Reservations"][0]["Instances"][0]
                print(i["State"]["Name"], i["InstanceType"], i["PrivateIpAddress"], i["PrivateDnsName"], i["Tags"], i["SecurityGroups"][0]["GroupName"], i["Placement"]["AvailabilityZone"])
                v = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [a]}])["Volumes"][0]
                print(v["State"], v["Size"], v["SnapshotId"] == i["BlockDeviceMappings"][0]["Ebs"].get("SnapshotId", v["SnapshotId"]), v["Attachments"][0]["Device"])
                s = ec2.stop_instances(InstanceIds=[a])["StoppingInstances"][0]; print(s["PreviousState"]["Name"], s["CurrentState"]["Name"])
                ec2.get_waiter("instance_stopped").wait(InstanceIds=[a], WaiterConfig=w)
                print(ec2.describe_instances(InstanceIds=[a])["Reservations"][0]["Instances"][0]["StateReason"]["Code"])
                ec2.modify_instance_attribute(InstanceId=a, InstanceType={"Value": "t3.large"})
                made = ec2.create_image(InstanceId=a, Name="golden", Description="words", TagSpecifications=[{"ResourceType": "image", "Tags": [{"Key": "Made", "Value": "yes"}]}])["ImageId"]
                ec2.get_waiter("image_available").wait(ImageIds=[made], WaiterConfig=w)
                g = ec2.describe_images(ImageIds=[made])["Images"][0]; print(g["Name"], g["SourceInstanceId"] == a, g["Tags"], g["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"])
                ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[g["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]], WaiterConfig=w)
                print(ec2.start_instances(InstanceIds=[a])["StartingInstances"][0]["CurrentState"]["Name"], ec2.describe_instances(InstanceIds=[a])["Reservations"][0]["Instances"][0]["InstanceType"])
                ec2.terminate_instances(InstanceIds=[a, b])
                ec2.get_waiter("instance_terminated").wait(InstanceIds=[a, b], WaiterConfig=w)
                print(ec2.describe_volumes()["Volumes"], fails(lambda: ec2.start_instances(InstanceIds=[a])))
                print(len(ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["terminated"]}])["Reservations"][0]["Instances"]))
                """)
            #expect(
                output == """
                    ['pending', 'pending'] [0, 1]
                    running t3.micro 172.31.0.4 ip-172-31-0-4.ec2.internal [{'Key': 'Name', 'Value': 'x'}] default us-east-1a
                    in-use 8 True /dev/xvda
                    running stopping
                    Client.UserInitiatedShutdown
                    golden True [{'Key': 'Made', 'Value': 'yes'}] 8
                    pending t3.large
                    [] ('IncorrectInstanceState', 400)
                    2

                    """)
        }
    }

    @Test("launches that cannot be have AWS's codes, the same token launches once, and a parameter names an image")
    func launches() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("base")
            let output = try fixture.boto3(
                """
                run = lambda **k: ec2.run_instances(**{"ImageId": "\(image.id)", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", **k})
                print(fails(lambda: run(ImageId="ami-0123456789abcdef0")), fails(lambda: run(ImageId="x")), fails(lambda: run(InstanceType="t4g.micro")), fails(lambda: run(InstanceType="z9.huge")))
                print(fails(lambda: run(KeyName="none")), fails(lambda: run(SecurityGroupIds=["sg-0123456789abcdef0"])), fails(lambda: run(SubnetId="subnet-0123456789abcdef0")), fails(lambda: run(DryRun=True)))
                print(fails(lambda: run(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 1}}])))
                print(fails(lambda: other("ec2").run_instances(ImageId="\(image.id)", MinCount=1, MaxCount=1, InstanceType="t3.micro")))
                a = run(ClientToken="t")["Instances"][0]["InstanceId"]; b = run(ClientToken="t")["Instances"][0]["InstanceId"]
                print(a == b, fails(lambda: run(ClientToken="t", InstanceType="t3.large")))
                client("ssm").put_parameter(Name="/golden/web", Value="\(image.id)", Type="String")
                print(run(ImageId="resolve:ssm:/golden/web")["Instances"][0]["ImageId"] == "\(image.id)")
                ec2.modify_instance_attribute(InstanceId=a, DisableApiTermination={"Value": True})
                print(fails(lambda: ec2.terminate_instances(InstanceIds=[a])), ec2.describe_instance_attribute(InstanceId=a, Attribute="disableApiTermination")["DisableApiTermination"])
                print(fails(lambda: ec2.describe_instances(InstanceIds=["i-0123456789abcdef0"])), fails(lambda: ec2.stop_instances(InstanceIds=["x"])))
                print(other("ec2").describe_instances()["Reservations"])
                t = ec2.describe_instance_types(InstanceTypes=["t3.micro"])["InstanceTypes"][0]; print(t["VCpuInfo"]["DefaultVCpus"], t["MemoryInfo"]["SizeInMiB"])
                kinds = {x["InstanceType"]: x for x in ec2.describe_instance_types(InstanceTypes=["t1.micro", "t2.micro", "m5.xlarge", "m6g.large"])["InstanceTypes"]}
                print({n: (x["CurrentGeneration"], x["BurstablePerformanceSupported"], x["Hypervisor"], x["VCpuInfo"]["DefaultCores"], x["NetworkInfo"]["MaximumNetworkInterfaces"], x["NetworkInfo"]["Ipv4AddressesPerInterface"], x["NetworkInfo"]["EnaSupport"]) for n, x in sorted(kinds.items())})
                """)
            #expect(
                output == """
                    ('InvalidAMIID.NotFound', 400) ('InvalidAMIID.Malformed', 400) ('InvalidParameterValue', 400) ('InvalidParameterValue', 400)
                    ('InvalidKeyPair.NotFound', 400) ('InvalidGroup.NotFound', 400) ('InvalidSubnetID.NotFound', 400) ('DryRunOperation', 412)
                    ('InvalidBlockDeviceMapping', 400)
                    ('AuthFailure', 400)
                    True ('IdempotentParameterMismatch', 400)
                    True
                    ('OperationNotPermitted', 400) {'Value': True}
                    ('InvalidInstanceID.NotFound', 400) ('InvalidInstanceID.Malformed', 400)
                    []
                    2 1024
                    {'m5.xlarge': (True, False, 'nitro', 2, 4, 15, 'required'), 'm6g.large': (True, False, 'nitro', 2, 3, 10, 'required'), 't1.micro': (False, False, 'xen', 1, 2, 2, 'unsupported'), 't2.micro': (True, True, 'xen', 1, 2, 2, 'unsupported')}

                    """)
        }
    }

    @Test("an instance has the address and the profile that it was launched with, and its attributes are changed")
    func attributes() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("base")
            let output = try fixture.boto3(
                """
                subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}])["Subnets"][0]
                base = subnet["CidrBlock"].rsplit(".", 1)[0]
                profile = client("iam").create_instance_profile(InstanceProfileName="builder")["InstanceProfile"]
                def run(**k): return ec2.run_instances(**{**dict(ImageId="\(image.id)", InstanceType="t3.micro", MinCount=1, MaxCount=1), **k})["Instances"][0]
                a = run(SubnetId=subnet["SubnetId"], PrivateIpAddress=base + ".77", IamInstanceProfile={"Name": "builder"}, EbsOptimized=True)
                print(a["PrivateIpAddress"] == base + ".77", a["PrivateDnsName"] == "ip-" + (base + ".77").replace(".", "-") + ".ec2.internal", a["IamInstanceProfile"]["Arn"] == profile["Arn"], a["IamInstanceProfile"]["Id"] == profile["InstanceProfileId"])
                b = run(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet["SubnetId"], "PrivateIpAddress": base + ".9"}], IamInstanceProfile={"Arn": profile["Arn"]})
                print(b["PrivateIpAddress"] == base + ".9", run(SubnetId=subnet["SubnetId"])["PrivateIpAddress"] == base + ".78")
                print(fails(lambda: run(SubnetId=subnet["SubnetId"], PrivateIpAddress=base + ".77")), fails(lambda: run(SubnetId=subnet["SubnetId"], PrivateIpAddress="10.1.1.1")), fails(lambda: run(SubnetId=subnet["SubnetId"], PrivateIpAddress=base + ".80", MaxCount=2)))
                print(fails(lambda: run(IamInstanceProfile={"Name": "nobody"})), fails(lambda: run(IamInstanceProfile={"Name": "builder", "Arn": profile["Arn"]})), fails(lambda: run(HibernationOptions={"Configured": True})), fails(lambda: run(SubnetId=subnet["SubnetId"], NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet["SubnetId"]}])))
                print(says(lambda: ec2.terminate_instances(InstanceIds=[])), "|", says(lambda: ec2.describe_instance_attribute(InstanceId=a["InstanceId"], Attribute="abc")), "|", says(lambda: run(BlockDeviceMappings=[{"DeviceName": "/dev/sdf"}])), "|", says(lambda: run(BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeType": "gp3"}}])))
                change = lambda **k: ec2.modify_instance_attribute(InstanceId=a["InstanceId"], **k)
                change(EbsOptimized={"Value": False}); change(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}])
                seen = ec2.describe_instances(InstanceIds=[a["InstanceId"]])["Reservations"][0]["Instances"][0]
                print(seen["EbsOptimized"], seen["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"], fails(lambda: change(BlockDeviceMappings=[{"DeviceName": "/dev/sdz", "Ebs": {"DeleteOnTermination": False}}])))
                volume = seen["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
                ec2.terminate_instances(InstanceIds=[a["InstanceId"]])
                print(ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"])
                vpc = ec2.create_vpc(CidrBlock="10.9.0.0/24")["Vpc"]["VpcId"]
                small = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/28")["Subnet"]["SubnetId"]
                had = [run(SubnetId=small, PrivateIpAddress="10.9.0.14")["PrivateIpAddress"]] + [run(SubnetId=small)["PrivateIpAddress"] for _ in range(10)]
                print(had == ["10.9.0.14"] + [f"10.9.0.{n}" for n in range(4, 14)], fails(lambda: run(SubnetId=small)))
                """)
            #expect(
                output == """
                    True True True True
                    True True
                    ('InvalidIPAddress.InUse', 400) ('InvalidParameterValue', 400) ('InvalidParameterCombination', 400)
                    ('InvalidParameterValue', 400) ('InvalidParameterCombination', 400) ('UnsupportedHibernationConfiguration', 400) ('InvalidParameterCombination', 400)
                    No instances specified | Value (abc) for parameter attribute is invalid. Unknown attribute. | The request must contain the parameter ebs | The request must contain the parameter size or snapshotId
                    False False ('InvalidInstanceAttributeValue', 400)
                    available
                    True ('InsufficientFreeAddressesInSubnet', 400)

                    """)
        }
    }

    @Test("volumes, snapshots and tags come and go")
    func volumes() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("base")
            let output = try fixture.boto3(
                """
                snapshot = ec2.describe_images(ImageIds=["\(image.id)"])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
                print(fails(lambda: ec2.delete_snapshot(SnapshotId=snapshot)))
                v = ec2.create_volume(AvailabilityZone="us-east-1b", SnapshotId=snapshot, VolumeType="gp3")["VolumeId"]
                ec2.get_waiter("volume_available").wait(VolumeIds=[v])
                s = ec2.create_snapshot(VolumeId=v, Description="of it")["SnapshotId"]
                d = ec2.describe_snapshots(OwnerIds=["self"], SnapshotIds=[s])["Snapshots"][0]; print(d["State"], d["VolumeId"] == v, d["Description"], d["Progress"])
                ec2.create_tags(Resources=[s, "\(image.id)"], Tags=[{"Key": "Team", "Value": "x"}, {"Key": "Empty", "Value": ""}])
                print(sorted((t["ResourceType"], t["Key"], t["Value"]) for t in ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Team", "Empty"]}])["Tags"]))
                ec2.delete_tags(Resources=["\(image.id)"], Tags=[{"Key": "Team", "Value": "other"}, {"Key": "Empty"}])
                print(ec2.describe_images(ImageIds=["\(image.id)"])["Images"][0]["Tags"])
                print(fails(lambda: ec2.create_tags(Resources=["nonsense"], Tags=[{"Key": "a", "Value": "b"}])), fails(lambda: ec2.create_tags(Resources=[s], Tags=[{"Key": "aws:x", "Value": "b"}])))
                ec2.modify_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission", OperationType="add", UserIds=["222222222222"])
                print(ec2.describe_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission")["CreateVolumePermissions"], [x["SnapshotId"] == s for x in other("ec2").describe_snapshots()["Snapshots"]])
                ec2.delete_volume(VolumeId=v); ec2.delete_snapshot(SnapshotId=s)
                print(fails(lambda: ec2.describe_volumes(VolumeIds=[v])), fails(lambda: ec2.delete_snapshot(SnapshotId=s)), fails(lambda: ec2.delete_snapshot(SnapshotId="x")))
                """)
            #expect(
                output == """
                    ('InvalidSnapshot.InUse', 400)
                    completed True of it 100%
                    [('image', 'Empty', ''), ('image', 'Team', 'x'), ('snapshot', 'Empty', ''), ('snapshot', 'Team', 'x')]
                    [{'Key': 'Team', 'Value': 'x'}]
                    ('InvalidID', 400) ('InvalidParameterValue', 400)
                    [{'UserId': '222222222222'}] [True]
                    ('InvalidVolume.NotFound', 400) ('InvalidSnapshot.NotFound', 400) ('InvalidSnapshotID.Malformed', 400)

                    """)
        }
    }
}
