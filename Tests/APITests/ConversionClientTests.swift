import API
import Cloud
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// boto3 and the AWS CLI on imports and exports.
@Suite(
    .enabled(if: AWSClients.isAvailable, AWSClients.missing),
    .enabled(if: Shell.has("mke2fs") && Shell.has("sfdisk"), "needs mke2fs and sfdisk: apt-get install e2fsprogs fdisk"))
struct ConversionClientTests {
    /// A system in the second partition of a disk, as `disk.raw` of the bucket, a file system alone, and an archive.
    private static func fill(_ fixture: EndpointFixture) throws {
        try Shell.run(
            """
            mkdir -p root/etc/sub data boot; echo ID=debian > root/etc/os-release; echo motd > root/etc/motd; chmod 640 root/etc/motd
            head -c 700000 /dev/urandom > root/noise; echo data > data/file; echo kernel > boot/vmlinuz; mkdir -p bucket/deep/er
            truncate -s 40M bucket/disk.raw
            printf 'label: gpt\\nsize=8M\\nsize=24M\\n' | sfdisk -q bucket/disk.raw
            mke2fs -q -F -t ext4 -d boot -E offset=$((1 << 20)) bucket/disk.raw 8M
            mke2fs -q -F -t ext4 -d root -E offset=$((9 << 20)) bucket/disk.raw 24M
            mke2fs -q -t ext4 -d data bucket/deep/er/data.img 8M; tar -C root -cf bucket/root.tar .
            head -c 300000 /dev/urandom > bucket/noise.raw
            """, in: fixture.buckets)
    }

    private static let functions = """
        def raw(key, **more): return {"Format": "RAW", "UserBucket": {"S3Bucket": "bucket", "S3Key": key}, **more}
        def over(describe, id, kind, c=ec2):
            name = "ExportImageTaskIds" if kind == "ExportImageTasks" else "ImportTaskIds"
            while True:
                task = getattr(c, describe)(**{name: [id]})[kind][0]
                state = task.get("Status") or task["SnapshotTaskDetail"]["Status"]
                if state in ("completed", "deleted"): return task
        def image(id): return over("describe_import_image_tasks", id, "ImportImageTasks")
        def snapshot(id): return over("describe_import_snapshot_tasks", id, "ImportSnapshotTasks")
        def export(id): return over("describe_export_image_tasks", id, "ExportImageTasks")

        """

    private static func tree(_ image: String, _ fixture: EndpointFixture) throws -> Tree {
        let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
        let record = try region.image(ImageID(parsing: image))
        return try Tree(#require(record.root), in: try region.store(under: record.key))
    }

    @Test("an image is imported of a disk, with its files, its bytes, tags and token")
    func image() throws {
        try EndpointFixture.run { fixture in
            try Self.fill(fixture)
            let output = try fixture.boto3(
                Self.functions + """
                    ask = lambda **more: ec2.import_image(**{**dict(Description="a disk", DiskContainers=[raw("disk.raw", Description="root")], LicenseType="BYOL", BootMode="uefi",
                        ClientToken="once", ClientData={"Comment": "x", "UploadSize": 12.5}, TagSpecifications=[{"ResourceType": "import-image-task", "Tags": [{"Key": "Team", "Value": "x"}]}]), **more})
                    task = ask()
                    print(task["ImportTaskId"][:11], task["Status"], task["StatusMessage"], task["Progress"], task["Tags"], "ImageId" in task)
                    print(ask()["ImportTaskId"] == task["ImportTaskId"], fails(lambda: ask(Description="another")))
                    done = image(task["ImportTaskId"]); disk = done["SnapshotDetails"][0]
                    print(done["Status"], done.get("Progress"), done["Description"], done["LicenseType"], done["BootMode"], done["Platform"], done["Architecture"], done["Encrypted"])
                    print(disk["DeviceName"], disk["DiskImageSize"], disk["Format"], disk["Status"], disk["UserBucket"], disk["Description"])
                    ami = ec2.describe_images(ImageIds=[done["ImageId"]])["Images"][0]
                    print(ami["Name"] == task["ImportTaskId"], ami["State"], ami["Architecture"], ami["BootMode"], ami["RootDeviceName"], ami["VirtualizationType"], ami["EnaSupport"])
                    ebs = ami["BlockDeviceMappings"][0]["Ebs"]
                    print(ebs["SnapshotId"] == disk["SnapshotId"], ebs["VolumeSize"], ebs["Encrypted"])
                    snap = ec2.describe_snapshots(SnapshotIds=[ebs["SnapshotId"]])["Snapshots"][0]
                    print(snap["State"], snap["Description"] == "Created by AWS-VMImport service for " + task["ImportTaskId"])
                    blocks = client("ebs"); SIZE = 524288
                    listed = blocks.list_snapshot_blocks(SnapshotId=ebs["SnapshotId"], MaxResults=1000)["Blocks"]
                    found = {b["BlockIndex"]: blocks.get_snapshot_block(SnapshotId=ebs["SnapshotId"], BlockIndex=b["BlockIndex"], BlockToken=b["BlockToken"])["BlockData"].read() for b in listed}
                    bytes_ = open("\(fixture.buckets)/bucket/disk.raw", "rb").read()
                    print(all(found.get(i, bytes(SIZE)) == bytes_[i * SIZE:(i + 1) * SIZE] for i in range(len(bytes_) // SIZE)))
                    print([t["ImportTaskId"] == task["ImportTaskId"] for t in ec2.describe_import_image_tasks(Filters=[{"Name": "task-state", "Values": ["completed"]}, {"Name": "tag:Team", "Values": ["x"]}])["ImportImageTasks"]])
                    print(ec2.describe_import_image_tasks(Filters=[{"Name": "task-state", "Values": ["active"]}])["ImportImageTasks"], other("ec2").describe_import_image_tasks()["ImportImageTasks"])
                    ec2.create_tags(Resources=[task["ImportTaskId"]], Tags=[{"Key": "More", "Value": "y"}])
                    print(sorted(t["Key"] for t in image(task["ImportTaskId"])["Tags"]), ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["import-image-task"]}])["Tags"][0]["Key"])
                    print(done["ImageId"])
                    """)
            let lines = output.split(separator: "\n").map(String.init)
            #expect(
                lines.dropLast() == [
                    "import-ami- active pending 0 [{'Key': 'Team', 'Value': 'x'}] False",
                    "True ('IdempotentParameterMismatch', 400)",
                    "completed None a disk BYOL uefi Linux x86_64 False",
                    "/dev/sda1 41943040.0 RAW completed {'S3Bucket': 'bucket', 'S3Key': 'disk.raw'} root",
                    "True available x86_64 uefi /dev/sda1 hvm True", "True 1 False", "completed True", "True", "[True]", "[] []",
                    "['More', 'Team'] More",
                ])
            let tree = try Self.tree(try #require(lines.last), fixture)
            #expect(try tree.node(at: TreePath(parsing: "/etc/motd"))?.metadata.mode == 0o640)
            #expect(try tree.node(at: TreePath(parsing: "/noise"))?.content?.size == 700_000)
            #expect(try tree.node(at: TreePath(parsing: "/vmlinuz")) == nil)
        }
    }

    @Test(
        "snapshots are imported, images of snapshots, of several disks and of archives, by every form of address, and encrypted")
    func others() throws {
        try EndpointFixture.run { fixture in
            try Self.fill(fixture)
            let output = try fixture.boto3(
                Self.functions + """
                    def one(**c): return {"Format": "raw", **c}
                    a = ec2.import_snapshot(Description="data", DiskContainer=one(Url="s3://bucket/deep/er/data.img"))
                    b = ec2.import_snapshot(DiskContainer=one(Url="https://s3.eu-west-1.amazonaws.com/bucket/deep/er/data.img?X=1"), Encrypted=True)
                    c = ec2.import_snapshot(DiskContainer=one(Url="https://bucket.s3.amazonaws.com/noise%2Eraw"))
                    a, b, c = (snapshot(x["ImportTaskId"])["SnapshotTaskDetail"] for x in (a, b, c))
                    print([(x["Status"], x["Encrypted"], "KmsKeyId" in x, x.get("Url", "")[:5], x["DiskImageSize"]) for x in (a, b, c)])
                    snaps = {s["SnapshotId"]: s for s in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]}
                    print([(snaps[x["SnapshotId"]]["Encrypted"], snaps[x["SnapshotId"]]["VolumeSize"]) for x in (a, b, c)])
                    two = image(ec2.import_image(DiskContainers=[raw("deep/er/data.img"), raw("disk.raw", DeviceName="/dev/xvda"), raw("noise.raw")], Encrypted=True)["ImportTaskId"])
                    print(two["Status"], two["Encrypted"], [d["DeviceName"] for d in two["SnapshotDetails"]])
                    ami = ec2.describe_images(ImageIds=[two["ImageId"]])["Images"][0]
                    print(ami["RootDeviceName"], sorted((m["DeviceName"], m["Ebs"]["Encrypted"]) for m in ami["BlockDeviceMappings"]))
                    again = image(ec2.import_image(DiskContainers=[{"SnapshotId": [d["SnapshotId"] for d in two["SnapshotDetails"] if d["DeviceName"] == "/dev/xvda"][0]}])["ImportTaskId"])
                    tar = image(ec2.import_image(DiskContainers=[{"Format": "tar", "UserBucket": {"S3Bucket": "bucket", "S3Key": "root.tar"}}], Architecture="arm64")["ImportTaskId"])
                    print(again["Status"], again["Encrypted"], tar["Status"], tar["Architecture"], tar["SnapshotDetails"][0]["Format"])
                    print(two["ImageId"], again["ImageId"], tar["ImageId"])
                    """)
            let lines = output.split(separator: "\n").map(String.init)
            #expect(
                lines.dropLast() == [
                    "[('completed', False, False, 's3://', 8388608.0), ('completed', True, True, 'https', 8388608.0), ('completed', False, False, 'https', 300000.0)]",
                    "[(False, 1), (True, 1), (False, 1)]",
                    "completed True ['/dev/xvdf', '/dev/xvda', '/dev/xvdg']",
                    "/dev/xvda [('/dev/xvda', True), ('/dev/xvdf', True), ('/dev/xvdg', True)]",
                    "completed True completed arm64 TAR",
                ])
            for image in try #require(lines.last).split(separator: " ") {
                let tree = try Self.tree(String(image), fixture)
                #expect(try tree.node(at: TreePath(parsing: "/etc/motd"))?.metadata.mode == 0o640, "\(image)")
            }
        }
    }

    @Test("what cannot be imported is refused at once, or its task says why")
    func refused() throws {
        try EndpointFixture.run { fixture in
            try Self.fill(fixture)
            try Shell.run("ln -s /etc outside; ln -s /etc/passwd bucket/link; truncate -s 0 bucket/empty", in: fixture.buckets)
            let output = try fixture.boto3(
                Self.functions + """
                    i = lambda *d, **more: ec2.import_image(DiskContainers=list(d), **more)
                    at = lambda b, k, f="RAW": {"Format": f, "UserBucket": {"S3Bucket": b, "S3Key": k}}
                    for refused in [lambda: i(at("nowhere", "x")), lambda: i(at("outside", "passwd")), lambda: i(at("..", "x")), lambda: i(at("bucket", "../x")),
                        lambda: i(at("bucket", "a//b")), lambda: i(at("bucket", "x", "VHDX")), lambda: i(at("bucket", "x", "OVA")), lambda: i({"Format": "RAW"}),
                        lambda: i({"Format": "RAW", "Url": "ftp://bucket/x"}), lambda: i({"Format": "RAW", "Url": "s3://bucket/../x"}), lambda: i(raw("x", SnapshotId="snap-1")),
                        lambda: i({"SnapshotId": "snap-0123456789abcdef0"}), lambda: i(raw("x"), Platform="Windows"), lambda: i(raw("x"), LicenseType="none"),
                        lambda: i(raw("x"), KmsKeyId="alias/none"), lambda: i(raw("x"), Encrypted=True, KmsKeyId="alias/none"), lambda: i(raw("x"), DryRun=True),
                        lambda: i(raw("x"), LicenseSpecifications=[{"LicenseConfigurationArn": "arn:x"}]), lambda: i(), lambda: i(raw("x"), Architecture="i386"),
                        lambda: ec2.describe_import_image_tasks(ImportTaskIds=["import-ami-0123456789abcdef0"]), lambda: ec2.describe_import_image_tasks(ImportTaskIds=["x"]),
                        lambda: ec2.describe_export_image_tasks(ExportImageTaskIds=["export-ami-0123456789abcdef0"]), lambda: ec2.cancel_import_task(ImportTaskId="import-snap-0123456789abcdef0"),
                        lambda: ec2.cancel_export_task(ExportTaskId="import-ami-0123456789abcdef0"), lambda: ec2.import_snapshot(DiskContainer=at("bucket", "root.tar", "tar"))]:
                        print(*fails(refused))
                    print(len(ec2.describe_import_image_tasks()["ImportImageTasks"]))
                    for key in ["gone", "link", "deep", "empty", "noise.raw"]:
                        task = image(i(raw(key))["ImportTaskId"]); print(task["Status"], task["StatusMessage"], "ImageId" in task)
                    print(fails(lambda: ec2.cancel_import_task(ImportTaskId=task["ImportTaskId"])), len(ec2.describe_images(Owners=["self"])["Images"]))
                    """)
            let missing =
                "deleted ClientError: Disk validation failed [We do not have access to the given resource. Reason 404 Not Found] False"
            #expect(
                output.split(separator: "\n").map(String.init) == [
                    "InvalidParameter 400", "InvalidParameter 400", "InvalidParameter 400", "InvalidParameter 400",
                    "InvalidParameter 400", "InvalidFormat 400", "InvalidFormat 400", "InvalidParameterCombination 400",
                    "InvalidParameter 400", "InvalidParameter 400", "InvalidParameterCombination 400",
                    "InvalidSnapshot.NotFound 400", "UnsupportedOperation 400", "InvalidParameterValue 400",
                    "InvalidParameterDependency 400", "InvalidParameterValue 400", "DryRunOperation 412",
                    "UnsupportedOperation 400", "MissingParameter 400", "InvalidParameterValue 400",
                    "InvalidConversionTaskId 400", "InvalidConversionTaskId.Malformed 400", "InvalidExportTaskID.NotFound 400",
                    "InvalidConversionTaskId 400", "InvalidExportTaskID.Malformed 400", "InvalidFormat 400", "0",
                    missing, missing, missing, "deleted ClientError: Disk validation failed [The disk has 0 bytes] False",
                    "deleted ClientError: there is neither a file system nor a partition table on the disk False",
                    "('IncorrectState', 400) 0",
                ])
        }
    }

    @Test("an image is exported as a disk that other programs find sound, and comes back as the same files")
    func exporting() throws {
        try EndpointFixture.run { fixture in
            try Self.fill(fixture)
            let output = try fixture.boto3(
                Self.functions + """
                    at = lambda k, f: {"Format": f, "UserBucket": {"S3Bucket": "bucket", "S3Key": k}}
                    tar = image(ec2.import_image(DiskContainers=[at("root.tar", "TAR")])["ImportTaskId"])["ImageId"]
                    disk = image(ec2.import_image(DiskContainers=[raw("disk.raw")])["ImportTaskId"])["ImageId"]
                    closed = image(ec2.import_image(DiskContainers=[raw("disk.raw")], Encrypted=True)["ImportTaskId"])["ImageId"]
                    task = ec2.export_image(ImageId=tar, DiskImageFormat="RAW", S3ExportLocation={"S3Bucket": "bucket", "S3Prefix": "out/of/"}, RoleName="vmexport", Description="d",
                        TagSpecifications=[{"ResourceType": "export-image-task", "Tags": [{"Key": "Team", "Value": "x"}]}])
                    print(task["ExportImageTaskId"][:11], task["Status"], task["DiskImageFormat"], task["RoleName"], task["S3ExportLocation"], task["Tags"])
                    one = export(task["ExportImageTaskId"])
                    print(one["Status"], one["ImageId"] == tar, one["Description"], one.get("Progress"))
                    go = lambda i, f: export(ec2.export_image(ImageId=i, DiskImageFormat=f, S3ExportLocation={"S3Bucket": "bucket"})["ExportImageTaskId"])
                    two, three = go(disk, "RAW"), go(disk, "TAR")
                    print(two["Status"], three["Status"])
                    for f in ["VHD", "VMDK"]:
                        made = go(disk, f); key = made["ExportImageTaskId"] + "." + f.lower()
                        again = image(ec2.import_image(DiskContainers=[at(key, f)])["ImportTaskId"]); same = go(again["ImageId"], "RAW")
                        print(f, again["Status"], open("\(fixture.buckets)/bucket/" + same["ExportImageTaskId"] + ".raw", "rb").read(50 << 20).rstrip(b"\\0") == open("\(fixture.buckets)/bucket/disk.raw", "rb").read().rstrip(b"\\0"))
                    back = image(ec2.import_image(DiskContainers=[raw("out/of/" + one["ExportImageTaskId"] + ".raw")])["ImportTaskId"])
                    e = lambda **m: ec2.export_image(**{**dict(ImageId=tar, DiskImageFormat="RAW", S3ExportLocation={"S3Bucket": "bucket"}), **m})
                    print(*[fails(x)[0] for x in [lambda: e(S3ExportLocation={"S3Bucket": "none"}), lambda: e(S3ExportLocation={"S3Bucket": "bucket", "S3Prefix": "../x/"}), lambda: e(DiskImageFormat="OVA"),
                        lambda: e(ImageId="ami-0123456789abcdef0"), lambda: e(DryRun=True), lambda: other("ec2").export_image(ImageId=tar, DiskImageFormat="RAW", S3ExportLocation={"S3Bucket": "bucket"}), lambda: e(ImageId=closed)]])
                    print(one["ExportImageTaskId"], two["ExportImageTaskId"], three["ExportImageTaskId"], tar, back["ImageId"])
                    """)
            let lines = output.split(separator: "\n").map(String.init)
            #expect(
                lines.dropLast() == [
                    "export-ami- active RAW vmexport {'S3Bucket': 'bucket', 'S3Prefix': 'out/of/'} [{'Key': 'Team', 'Value': 'x'}]",
                    "completed True d None", "completed completed", "VHD completed True", "VMDK completed True",
                    "InvalidParameter InvalidParameter InvalidFormat InvalidAMIID.NotFound DryRunOperation InvalidAMIID.NotFound "
                        + "UnsupportedOperation",
                ])
            let ids = try #require(lines.last).split(separator: " ").map(String.init)
            let disk = "bucket/out/of/\(ids[0]).raw"
            let said = try Shell.run(
                """
                sfdisk --verify \(disk) 2>&1; sfdisk -d \(disk) | tail -1; stat -c %s \(disk)
                e2fsck -fn '\(disk)?offset=1048576' 2>&1; debugfs -R 'cat /etc/motd' '\(disk)?offset=1048576' 2>/dev/null
                cmp bucket/disk.raw bucket/\(ids[1]).raw 2>&1 || true; stat -c %s bucket/\(ids[1]).raw
                tar -xOf bucket/\(ids[2]).tar ./etc/motd || tar -xOf bucket/\(ids[2]).tar etc/motd; ls -A bucket
                """, in: fixture.buckets)
            #expect(said.contains("No errors detected") && said.contains("type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"), "\(said)")
            #expect(said.contains("Pass 5") && !said.contains("WARNING"), "\(said)")
            #expect(said.contains("\nmotd\n") && said.contains("EOF on bucket/disk.raw"), "\(said)")
            #expect(said.contains("\n1073741824\n") && !said.contains(".ingot-"), "\(said)")
            #expect(try Self.tree(ids[3], fixture).root == (try Self.tree(ids[4], fixture).root))
        }
    }

    @Test("the AWS CLI imports, waits and exports")
    func commandLine() throws {
        try EndpointFixture.run { fixture in
            try Self.fill(fixture)
            let output = try fixture.aws(
                """
                id=$(aws ec2 import-snapshot --disk-container Format=RAW,UserBucket='{S3Bucket=bucket,S3Key=disk.raw}' --query ImportTaskId --output text)
                aws ec2 wait snapshot-imported --import-task-ids $id
                aws ec2 describe-import-snapshot-tasks --import-task-ids $id --query 'ImportSnapshotTasks[0].SnapshotTaskDetail.[Status,Format]' --output text
                id=$(aws ec2 import-image --disk-containers Format=RAW,UserBucket='{S3Bucket=bucket,S3Key=disk.raw}' --query ImportTaskId --output text)
                until [ $(aws ec2 describe-import-image-tasks --import-task-ids $id --query 'ImportImageTasks[0].Status' --output text) != active ]; do :; done
                ami=$(aws ec2 describe-import-image-tasks --import-task-ids $id --query 'ImportImageTasks[0].ImageId' --output text)
                aws ec2 export-image --image-id $ami --disk-image-format RAW --s3-export-location S3Bucket=bucket --query Status --output text
                """)
            #expect(output == "completed\tRAW\nactive\n")
        }
    }
}
