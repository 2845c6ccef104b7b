import Cloud
import HTTPServer
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// boto3 and the aws command on encrypted images, snapshots and volumes.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct EncryptionClientTests {
    private static let secret = "the launch code is 0000"

    /// An image of the owner's with real content.
    static func image(_ name: String, _ fixture: EndpointFixture) throws -> ImageRecord {
        let region = try fixture.plane.makeRegion(RegionName(parsing: "us-east-1"))
        let store = try ObjectStore(region.storeFolder, environment: .system())
        let writer = try StoreWriter(store)
        let editor = try TreeEditor(root: nil, in: writer)
        try editor.write(Array(secret.utf8), to: TreePath(parsing: "/secret"))
        let root = try editor.finish()
        try writer.publish()
        let pending = try region.registerPending(
            NewImage(
                name: AMIName(parsing: name), architecture: .x86, created: Instant(seconds: 1_795_000_000),
                volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))], token: name))
        return try region.markAvailable(pending.id, root: root, logicalSize: 23, at: Instant(seconds: 1_795_000_000))
    }

    @Test("the aws command copies an image over three regions, encrypted under a key of each, and a disabled key closes its copy")
    func threeRegions() throws {
        try EndpointFixture.run { fixture in
            let image = try Self.image("golden", fixture)
            let output = try fixture.aws(
                """
                east=\(image.id)
                for region in us-west-2 eu-west-1; do
                  key=$(aws kms create-key --region $region --query KeyMetadata.KeyId --output text)
                  aws kms create-alias --region $region --alias-name alias/target-region-key --target-key-id $key
                done
                west=$(aws ec2 copy-image --source-region us-east-1 --source-image-id $east --name golden --region us-west-2 \
                  --encrypted --kms-key-id alias/target-region-key --query ImageId --output text)
                europe=$(aws ec2 copy-image --source-region us-west-2 --source-image-id $west --name golden --region eu-west-1 \
                  --encrypted --kms-key-id alias/target-region-key --query ImageId --output text)
                aws ec2 wait image-available --region eu-west-1 --image-ids $europe
                for pair in us-east-1:$east us-west-2:$west eu-west-1:$europe; do
                  aws ec2 describe-images --region ${pair%%:*} --image-ids ${pair#*:} --output text \
                    --query 'Images[0].[State,BlockDeviceMappings[0].Ebs.Encrypted]'
                done
                aws kms disable-key --region us-west-2 --key-id $(aws kms describe-key --region us-west-2 --key-id alias/target-region-key --query KeyMetadata.KeyId --output text)
                aws ec2 run-instances --region us-west-2 --image-id $west --instance-type t3.micro --count 1 --output text --query 'Instances[0].State.Name'
                aws ec2 describe-instances --region us-west-2 --output text --query 'Reservations[0].Instances[0].[State.Name,StateReason.Code]'
                failed=$(aws ec2 copy-image --source-region us-west-2 --source-image-id $west --name again --region us-east-1 --query ImageId --output text)
                aws ec2 describe-images --region us-east-1 --image-ids $failed --output text --query 'Images[0].[State,StateReason.Message]'
                aws ec2 run-instances --region eu-west-1 --image-id $europe --instance-type t3.micro --count 1 --output text --query 'Instances[0].State.Name'
                aws ec2 describe-volumes --region eu-west-1 --output text --query 'Volumes[0].[Encrypted,contains(KmsKeyId,`arn:aws:kms:eu-west-1`)]'
                """)
            #expect(
                output == """
                    available\tFalse
                    available\tTrue
                    available\tTrue
                    pending
                    terminated\tClient.InvalidKMSKey.InvalidState
                    failed\tGiven key ID is not accessible
                    pending
                    True\tTrue

                    """)
            for region in ["us-west-2", "eu-west-1"] {
                let folder = Files.parent(of: try fixture.plane.region(RegionName(parsing: region)).storeFolder)
                for part in Files.names(in: folder) {
                    for pack in Files.names(in: "\(folder)/\(part)/packs") {
                        let bytes = try Files.read("\(folder)/\(part)/packs/\(pack)")
                        #expect(bytes.firstRange(of: Array(Self.secret.utf8)) == nil, "\(region) \(part)")
                    }
                }
            }
        }
    }

    @Test(
        "encrypted images are shared as AWS shares them: never under its own key, never with everyone, and launched by who may use the key"
    )
    func sharing() throws {
        try EndpointFixture.run { fixture in
            let image = try Self.image("golden", fixture)
            let output = try fixture.boto3(
                """
                them = other("ec2"); kms = client("kms"); ec2.disable_image_block_public_access()
                key = kms.create_key()["KeyMetadata"]["Arn"]
                under = lambda name, **more: ec2.copy_image(Name=name, SourceImageId="\(image.id)", SourceRegion="us-east-1", Encrypted=True, **more)["ImageId"]
                managed = under("managed"); own = under("own", KmsKeyId=key)
                snap = lambda i: ec2.describe_images(ImageIds=[i])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
                share = lambda i: ec2.modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"UserId": "222222222222"}]})
                public = lambda i: ec2.modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"Group": "all"}]})
                shared = lambda i: ec2.modify_snapshot_attribute(SnapshotId=snap(i), Attribute="createVolumePermission", OperationType="add", UserIds=["222222222222"])
                print(fails(lambda: share(managed)), fails(lambda: shared(managed)), fails(lambda: public(own)), fails(lambda: public(managed)))
                share(own); shared(own)
                launch = lambda c, i: c.run_instances(ImageId=i, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]
                reason = lambda c, i: c.describe_instances(InstanceIds=[i["InstanceId"]])["Reservations"][0]["Instances"][0]["StateReason"]["Code"]
                print(reason(them, launch(them, own)))
                copied = them.copy_image(Name="mine", SourceImageId=own, SourceRegion="us-east-1")["ImageId"]
                print([(i["State"], i["StateReason"]["Message"]) for i in them.describe_images(ImageIds=[copied])["Images"]])
                kms.create_grant(KeyId=key, GranteePrincipal="222222222222", Operations=["Decrypt", "DescribeKey", "CreateGrant", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"])
                print(launch(them, own)["State"]["Name"])
                v = them.describe_volumes()["Volumes"][0]; print(v["Encrypted"], ":222222222222:key/" in v["KmsKeyId"])
                v = ec2.describe_volumes(Filters=[{"Name": "volume-id", "Values": ["vol-none"]}])["Volumes"]; print(v, launch(ec2, own)["State"]["Name"], [v["KmsKeyId"] == key for v in ec2.describe_volumes()["Volumes"]])
                mine = them.copy_image(Name="mine too", SourceImageId=own, SourceRegion="us-east-1")["ImageId"]; print(them.describe_images(ImageIds=[mine])["Images"][0]["State"])
                """)
            #expect(
                output == """
                    ('InvalidParameter', 400) ('OperationNotPermitted', 400) ('UnsupportedOperation', 400) ('UnsupportedOperation', 400)
                    Client.InternalError
                    [('failed', 'Given key ID is not accessible')]
                    pending
                    True True
                    [] pending [True]
                    available

                    """)
        }
    }

    @Test("volumes and snapshots are encrypted as asked, by default, or as what they are made of; nothing encrypted becomes open")
    func volumes() throws {
        try EndpointFixture.run { fixture in
            let image = try Self.image("golden", fixture)
            let output = try fixture.boto3(
                """
                kms = client("kms"); key = kms.create_key()["KeyMetadata"]["Arn"]; zone = "us-east-1a"
                open_ = ec2.describe_images(ImageIds=["\(image.id)"])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
                make = lambda **more: ec2.create_volume(AvailabilityZone=zone, **more)
                show = lambda v: (v["Encrypted"], v.get("KmsKeyId", "").split("/")[-1] == key.split("/")[-1], v.get("State"))
                print(fails(lambda: make(Size=1, KmsKeyId=key)), show(make(Size=1, Encrypted=True)), show(make(SnapshotId=open_, Encrypted=True, KmsKeyId=key)), show(make(SnapshotId=open_)))
                v = make(SnapshotId=open_, Encrypted=True, KmsKeyId=key); s = ec2.create_snapshot(VolumeId=v["VolumeId"]); print(s["Encrypted"], show(make(SnapshotId=s["SnapshotId"])))
                print(show(make(Size=1, Encrypted=True, KmsKeyId="alias/nowhere")))
                c = ec2.copy_snapshot(SourceSnapshotId=s["SnapshotId"], SourceRegion="us-east-1")["SnapshotId"]; d = ec2.describe_snapshots(SnapshotIds=[c])["Snapshots"][0]; print(d["State"], d["Encrypted"], d["KmsKeyId"] == key)
                c = client("ec2", "us-west-2").copy_snapshot(SourceSnapshotId=s["SnapshotId"], SourceRegion="us-east-1")["SnapshotId"]; d = client("ec2", "us-west-2").describe_snapshots(SnapshotIds=[c])["Snapshots"][0]; print(d["State"], d["Encrypted"], ":us-west-2:" in d["KmsKeyId"])
                print(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"], ec2.get_ebs_default_kms_key_id()["KmsKeyId"], ec2.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"], ec2.modify_ebs_default_kms_key_id(KmsKeyId=key)["KmsKeyId"] == key)
                print(show(make(Size=1)), show(make(SnapshotId=open_)), fails(lambda: ec2.modify_ebs_default_kms_key_id(KmsKeyId="alias/none")))
                i = ec2.copy_image(Name="by default", SourceImageId="\(image.id)", SourceRegion="us-east-1")["ImageId"]; print(ec2.describe_images(ImageIds=[i])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["Encrypted"])
                ec2.reset_ebs_default_kms_key_id(); ec2.disable_ebs_encryption_by_default(); print(show(make(Size=1)))
                kms.disable_key(KeyId=key); c = ec2.copy_snapshot(SourceSnapshotId=s["SnapshotId"], SourceRegion="us-east-1")["SnapshotId"]; d = ec2.describe_snapshots(SnapshotIds=[c])["Snapshots"][0]; print(d["State"], d["StateMessage"])
                reason = lambda i: ec2.describe_instances(InstanceIds=[i["InstanceId"]])["Reservations"][0]["Instances"][0]["StateReason"]["Code"]
                r = ec2.register_image(Name="of a snapshot", RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s["SnapshotId"]}}])["ImageId"]
                print(ec2.describe_images(ImageIds=[r])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["Encrypted"], reason(ec2.run_instances(ImageId=r, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]))
                run = lambda **ebs: ec2.run_instances(ImageId="\(image.id)", InstanceType="t3.micro", MinCount=1, MaxCount=1, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": ebs}])["Instances"][0]
                print(reason(run(Encrypted=True, KmsKeyId=key)), run(Encrypted=True)["State"]["Name"], fails(lambda: run(KmsKeyId=key)))
                """)
            #expect(
                output == """
                    ('InvalidParameterDependency', 400) (True, False, 'available') (True, True, 'available') (False, False, 'available')
                    True (True, True, 'available')
                    (True, False, 'error')
                    completed True True
                    completed True True
                    False alias/aws/ebs True True
                    (True, True, 'available') (True, True, 'available') ('InvalidParameterValue', 400)
                    True
                    (False, False, 'available')
                    error Given key ID is not accessible
                    True Client.InvalidKMSKey.InvalidState
                    Client.InvalidKMSKey.InvalidState pending ('InvalidParameterDependency', 400)

                    """)
        }
    }
}
