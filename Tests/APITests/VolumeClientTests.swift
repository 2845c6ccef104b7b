import Cloud
import TestSupport
import Testing

/// boto3 on what happens to volumes and snapshots after they were made. Instances are of the public images.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct VolumeClientTests {
    /// With `i`, an instance in us-east-1a.
    private static func run(_ script: String, expecting expected: String) throws {
        try EndpointFixture.run { fixture in
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            let output = try fixture.boto3(
                """
                i = ec2.run_instances(ImageId="ami-12c6146b", InstanceType="t3.micro", MinCount=1, MaxCount=1, Placement={"AvailabilityZone": "us-east-1a"})["Instances"][0]["InstanceId"]
                volume = lambda **more: ec2.create_volume(**{"AvailabilityZone": "us-east-1a", "Size": 10, **more})["VolumeId"]

                """ + script)
            #expect(output == expected)
        }
    }

    @Test("volumes are attached to instances of their zone, and root volumes stay where they are used")
    func attaching() throws {
        try Self.run(
            """
            v = volume(); far = volume(AvailabilityZone="us-east-1b")
            attach = lambda v, d: ec2.attach_volume(VolumeId=v, InstanceId=i, Device=d)
            print(fails(lambda: attach(far, "/dev/sdf")), fails(lambda: attach(v, "/dev/sda1")))
            print(attach(v, "/dev/sdf")["State"], fails(lambda: attach(v, "/dev/sdg")))
            print([m["DeviceName"] for m in ec2.describe_instances()["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]])
            ec2.get_waiter("volume_in_use").wait(VolumeIds=[v]); print(fails(lambda: ec2.delete_volume(VolumeId=v)))
            print(fails(lambda: ec2.detach_volume(VolumeId=v, Device="/dev/sdx")), fails(lambda: ec2.detach_volume(VolumeId=far)))
            root = ec2.describe_volumes(Filters=[{"Name": "attachment.device", "Values": ["/dev/sda1"]}])["Volumes"][0]["VolumeId"]
            print(fails(lambda: ec2.detach_volume(VolumeId=root)))
            print(ec2.detach_volume(VolumeId=v, InstanceId=i)["State"])
            ec2.get_waiter("volume_available").wait(VolumeIds=[v]); ec2.delete_volume(VolumeId=v)
            ec2.stop_instances(InstanceIds=[i]); print(ec2.detach_volume(VolumeId=root)["Device"])
            """,
            expecting: """
                ('InvalidVolume.ZoneMismatch', 400) ('InvalidParameterValue', 400)
                attaching ('VolumeInUse', 400)
                ['/dev/sda1', '/dev/sdf']
                ('VolumeInUse', 400)
                ('InvalidAttachment.NotFound', 400) ('IncorrectState', 400)
                ('OperationNotPermitted', 400)
                detaching
                /dev/sda1

                """)
    }

    @Test("volumes grow and change their type, and never shrink")
    func modifying() throws {
        try Self.run(
            """
            v = volume(VolumeType="gp2")
            print(ec2.describe_volumes_modifications(VolumeIds=[v])["VolumesModifications"])
            m = ec2.modify_volume(VolumeId=v, Size=20, VolumeType="gp3", Throughput=200)["VolumeModification"]
            print(m["ModificationState"], m["OriginalSize"], m["TargetSize"], m["TargetIops"])
            print(fails(lambda: ec2.modify_volume(VolumeId=v, Size=5)), ec2.modify_volume(VolumeId=volume(VolumeType="gp2"), VolumeType="io2")["VolumeModification"]["TargetIops"])
            d = ec2.describe_volumes(VolumeIds=[v])["Volumes"][0]; print(d["Size"], d["VolumeType"], d["Iops"], d["Throughput"])
            print([(m["ModificationState"], m["Progress"]) for m in ec2.describe_volumes_modifications(VolumeIds=[v])["VolumesModifications"]])
            ec2.modify_volume_attribute(VolumeId=v, AutoEnableIO={"Value": True})
            print(ec2.describe_volume_attribute(VolumeId=v, Attribute="autoEnableIO")["AutoEnableIO"], ec2.describe_volume_status(VolumeIds=[v])["VolumeStatuses"][0]["VolumeStatus"]["Status"])
            """,
            expecting: """
                []
                modifying 10 20 3000
                ('InvalidParameterValue', 400) 3000
                20 gp3 3000 200
                [('completed', 100)]
                {'Value': True} ok

                """)
    }

    @Test("an image of an instance has snapshots of all its volumes, and what is launched of it has volumes of those")
    func imaging() throws {
        try Self.run(
            """
            v = volume(); ec2.attach_volume(VolumeId=v, InstanceId=i, Device="/dev/sdf")
            mappings = lambda a: {m["DeviceName"]: m["Ebs"] for m in ec2.describe_images(ImageIds=[a])["Images"][0]["BlockDeviceMappings"]}
            print(fails(lambda: ec2.create_image(InstanceId=i, Name="dry", DryRun=True)), len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]))
            a = ec2.create_image(InstanceId=i, Name="both", TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "Of", "Value": "both"}]}])["ImageId"]
            data = mappings(a)["/dev/sdf"]; print(sorted(mappings(a)), data["VolumeSize"], all("SnapshotId" in m for m in mappings(a).values()))
            s = ec2.describe_snapshots(SnapshotIds=[data["SnapshotId"]])["Snapshots"][0]; print(s["VolumeId"] == v, s["Tags"], s["State"], s["Description"].split(" ")[0], s["VolumeSize"])
            j = ec2.run_instances(ImageId=a, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
            print(sorted((d["Attachments"][0]["Device"], d["SnapshotId"] == data["SnapshotId"]) for d in ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [j]}])["Volumes"]))
            ec2.deregister_image(ImageId=a); ec2.delete_snapshot(SnapshotId=data["SnapshotId"]); print(len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]))
            """,
            expecting: """
                ('DryRunOperation', 412) 0
                ['/dev/sda1', '/dev/sdf'] 10 True
                True [{'Key': 'Of', 'Value': 'both'}] completed Created 10
                [('/dev/sda1', False), ('/dev/sdf', True)]
                1

                """)
    }

    @Test("snapshots of all volumes of an instance, their archive and their locks")
    func snapshots() throws {
        try Self.run(
            """
            v = volume(TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Of", "Value": "data"}]}])
            ec2.attach_volume(VolumeId=v, InstanceId=i, Device="/dev/sdf")
            both = ec2.create_snapshots(InstanceSpecification={"InstanceId": i}, CopyTagsFromSource="volume")["Snapshots"]
            print(len(both), [s.get("Tags") for s in both])
            print([s["VolumeId"] == v for s in ec2.create_snapshots(InstanceSpecification={"InstanceId": i, "ExcludeBootVolume": True})["Snapshots"]])
            s = both[0]["SnapshotId"]
            status = lambda: ec2.describe_snapshot_tier_status(Filters=[{"Name": "snapshot-id", "Values": [s]}])["SnapshotTierStatuses"][0]
            print(status()["StorageTier"], status().get("LastTieringOperationStatus"))
            ec2.modify_snapshot_tier(SnapshotId=s, StorageTier="archive"); print(status()["StorageTier"], status()["LastTieringOperationStatus"])
            print(fails(lambda: volume(SnapshotId=s)), fails(lambda: ec2.restore_snapshot_tier(SnapshotId=s)))
            print(ec2.restore_snapshot_tier(SnapshotId=s, TemporaryRestoreDays=3)["RestoreDuration"], status()["StorageTier"], status()["LastTieringOperationStatus"])
            print(ec2.lock_snapshot(SnapshotId=s, LockMode="governance", LockDuration=2)["LockState"], fails(lambda: ec2.delete_snapshot(SnapshotId=s)))
            print([(x["SnapshotId"] == s, x["LockDuration"]) for x in ec2.describe_locked_snapshots()["Snapshots"]])
            ec2.unlock_snapshot(SnapshotId=s); ec2.delete_snapshot(SnapshotId=s)
            print(fails(lambda: ec2.restore_snapshot_from_recycle_bin(SnapshotId=s)), ec2.list_snapshots_in_recycle_bin()["Snapshots"])
            """,
            expecting: """
                2 [[], [{'Key': 'Of', 'Value': 'data'}]]
                [True]
                standard None
                archive archival-completed
                ('IncorrectState', 400) ('InvalidParameterCombination', 400)
                3 archive temporary-restore-completed
                governance ('OperationNotPermitted', 400)
                [(True, 2)]
                ('InvalidSnapshot.NotFound', 400) []

                """)
    }

    @Test("public images are there in every region, also after a reset, and belong to Amazon")
    func publicImages() throws {
        try EndpointFixture.run { fixture in
            let plane = fixture.plane as? EmbeddedPlane
            let asks = """
                images = lambda r: ec2.describe_images(Owners=["amazon"])["Images"] if r is None else client("ec2", r).describe_images(Owners=["amazon"])["Images"]
                print(sorted((x["ImageId"], x["Public"], x["ImageOwnerAlias"]) for x in images("eu-west-1")), len(images(None)))
                """
            #expect(try fixture.boto3(asks) == "[] 0\n")
            plane?.offerPublicImages()
            let all =
                "["
                + ["ami-03cf127a", "ami-12c6146b", "ami-f4cf1d8d", "ami-fa7cdd89"].map { "('\($0)', True, 'amazon')" }
                .joined(separator: ", ") + "] 4\n"
            #expect(try fixture.boto3(asks) == all)
            try plane?.reset()
            #expect(try fixture.boto3(asks) == all)
        }
    }
}
