import API
import Cloud
import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// boto3 on the blocks of snapshots.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct BlockClientTests {
    /// What both scripts share: a snapshot as bytes, and bytes as a snapshot.
    private static let functions = """
        import base64, hashlib
        ebs = client("ebs"); stranger = other("ebs"); SIZE = 524288
        b64 = lambda d: base64.b64encode(d).decode()
        def blocks(s):
            found, token = [], {}
            while True:
                page = ebs.list_snapshot_blocks(SnapshotId=s, MaxResults=100, **token)
                found += page["Blocks"]
                if "NextToken" not in page: return found
                token = {"NextToken": page["NextToken"]}
        def fetch(s, index, token):
            r = ebs.get_snapshot_block(SnapshotId=s, BlockIndex=index, BlockToken=token)
            data = r["BlockData"].read()
            assert r["Checksum"] == b64(hashlib.sha256(data).digest()) and r["DataLength"] == SIZE == len(data)
            return data
        def put(s, index, data, **more):
            data = data.ljust(SIZE, b"\\0")
            return ebs.put_snapshot_block(**{**dict(SnapshotId=s, BlockIndex=index, BlockData=data, DataLength=SIZE, Checksum=b64(hashlib.sha256(data).digest()), ChecksumAlgorithm="SHA256"), **more})
        def reason(call):
            try: call(); return "no error"
            except ClientError as e: return e.response["Error"]["Code"], e.response.get("Reason"), e.response["ResponseMetadata"]["HTTPStatusCode"]

        """

    /// An image with real files, and its snapshot.
    private static func image(_ plane: any Plane, _ name: String, _ text: String) throws -> (root: Digest, snapshot: SnapshotID) {
        let region = try plane.makeRegion(RegionName(parsing: "us-east-1"))
        let store = try ObjectStore(region.storeFolder, environment: .system())
        let writer = try StoreWriter(store)
        let editor = try TreeEditor(root: nil, in: writer, date: 1_600_000_000_000_000_000)
        try editor.makeDirectory(TreePath(parsing: "/etc"))
        try editor.makeDirectory(TreePath(parsing: "/usr"))
        try editor.write(text, to: TreePath(parsing: "/etc/motd"))
        var random = SeededRandom(3)
        let noise = (0..<3 << 20).map { _ in UInt8.random(in: 0...255, using: &random) }
        try editor.write(noise, to: TreePath(parsing: "/usr/noise"))
        let root = try editor.finish()
        try writer.publish()
        let pending = try region.registerPending(
            NewImage(
                name: AMIName(parsing: name), description: "", architecture: .x86, created: Instant(seconds: 1_795_000_000),
                volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))], token: name))
        var done = try region.markAvailable(pending.id, root: root, logicalSize: 1000, at: Instant(seconds: 1_795_000_000))
        done.owner = try AccountID(parsing: EndpointFixture.ownerID)
        return (root, try #require(done.volumes.first?.snapshot))
    }

    @Test("a snapshot that is read by blocks is the file system of its files, and changed blocks are those that differ")
    func reading() throws {
        try EndpointFixture.run { fixture in
            let (root, first) = try Self.image(fixture.plane, "one", "one")
            let (_, second) = try Self.image(fixture.plane, "two", "two")
            try withTemporaryFolder { folder in
                let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
                let tree = try Tree(root, in: try ObjectStore(region.storeFolder, environment: .system()))
                let file = try FileDescriptor.open(folder + "/expected.ext4", .create)
                try TreeImage(tree, shift: .none, environment: .system()).write(to: file)
                let output = try fixture.boto3(
                    Self.functions + """
                        a, b = "\(first)", "\(second)"
                        expected = open("\(folder)/expected.ext4", "rb").read()
                        found = {x["BlockIndex"]: fetch(a, x["BlockIndex"], x["BlockToken"]) for x in blocks(a)}
                        print(b"".join(found.get(i, bytes(SIZE)) for i in range(max(found) + 1))[:len(expected)] == expected[:(max(found) + 1) * SIZE])
                        print(all(any(d) for d in found.values()), 0 in found)
                        changed = ebs.list_changed_blocks(FirstSnapshotId=a, SecondSnapshotId=b)
                        other = {x["BlockIndex"]: fetch(b, x["BlockIndex"], x["BlockToken"]) for x in blocks(b)}
                        differing = sorted(i for i in set(found) | set(other) if found.get(i) != other.get(i))
                        print([x["BlockIndex"] for x in changed["ChangedBlocks"]] == differing, 0 < len(differing) < len(found), changed["VolumeSize"], changed["BlockSize"])
                        x = changed["ChangedBlocks"][0]
                        print(fetch(a, x["BlockIndex"], x["FirstBlockToken"]) != fetch(b, x["BlockIndex"], x["SecondBlockToken"]))
                        print(reason(lambda: fetch(a, x["BlockIndex"], x["SecondBlockToken"])))
                        print(reason(lambda: fetch(a, x["BlockIndex"], "AAAA")), reason(lambda: blocks("snap-0123456789abcdef0")))
                        print(reason(lambda: stranger.list_snapshot_blocks(SnapshotId=a)))
                        """)
                #expect(
                    output == """
                        True
                        True True
                        True True 8 524288
                        True
                        ('ValidationException', 'INVALID_BLOCK_TOKEN', 400)
                        ('ValidationException', 'INVALID_BLOCK_TOKEN', 400) ('ResourceNotFoundException', 'SNAPSHOT_NOT_FOUND', 404)
                        ('ResourceNotFoundException', 'SNAPSHOT_NOT_FOUND', 404)

                        """)
            }
        }
    }

    @Test(
        "a disk with a partition table that is written by blocks is an image of its root file system",
        .enabled(if: Shell.has("mke2fs") && Shell.has("sfdisk"), "needs mke2fs and sfdisk: apt-get install e2fsprogs fdisk"))
    func partitions() throws {
        try EndpointFixture.run { fixture in
            try withTemporaryFolder { folder in
                try Shell.run(
                    """
                    mkdir -p boot root/etc; echo kernel > boot/vmlinuz; echo ID=debian > root/etc/os-release; truncate -s 32M disk
                    printf 'label: gpt\nsize=1M, type=21686148-6449-6E6F-744E-656564454649\nsize=8M\nsize=16M\n' | sfdisk -q disk
                    mke2fs -q -F -t ext4 -d boot -E offset=$((2 << 20)) disk 8M; mke2fs -q -F -t ext4 -d root -E offset=$((10 << 20)) disk 16M
                    """, in: folder)
                let output = try fixture.boto3(
                    Self.functions + """
                        disk = open("\(folder)/disk", "rb").read()
                        parts = {i: disk[i * SIZE:(i + 1) * SIZE] for i in range(len(disk) // SIZE)}
                        parts = {i: d for i, d in parts.items() if any(d)}
                        s = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
                        for i, d in parts.items(): put(s, i, d)
                        ebs.complete_snapshot(SnapshotId=s, ChangedBlocksCount=len(parts))
                        assert {x["BlockIndex"]: fetch(s, x["BlockIndex"], x["BlockToken"]) for x in blocks(s)} == parts
                        print(ec2.register_image(Name="disk", RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])["ImageId"])
                        """)
                let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
                let image = try region.image(ImageID(parsing: String(output.dropLast())))
                let tree = try Tree(#require(image.root), in: try ObjectStore(region.storeFolder, environment: .system()))
                #expect(try tree.node(at: TreePath(parsing: "/etc/os-release"))?.content?.size == 10)
                #expect(try tree.node(at: TreePath(parsing: "/vmlinuz")) == nil)
            }
        }
    }

    @Test(
        "blocks that are written make a snapshot that is read as it was written, and an image that has its files",
        .enabled(if: Shell.has("mke2fs"), "needs mke2fs: apt-get install e2fsprogs"))
    func writing() throws {
        try EndpointFixture.run { fixture in
            try withTemporaryFolder { folder in
                try Shell.run(
                    """
                    mkdir -p src/etc; echo written > src/etc/motd; chmod 640 src/etc/motd; head -c 2000000 /dev/urandom > src/noise
                    mke2fs -q -t ext4 -O ^has_journal -d src disk.ext4 64M
                    """, in: folder)
                let output = try fixture.boto3(
                    Self.functions + """
                        disk = open("\(folder)/disk.ext4", "rb").read()
                        parts = {i: disk[i * SIZE:(i + 1) * SIZE] for i in range(len(disk) // SIZE)}
                        parts = {i: d for i, d in parts.items() if any(d)}
                        s = ebs.start_snapshot(VolumeSize=1, Description="by blocks", Tags=[{"Key": "Team", "Value": "x"}])
                        print(s["Status"], s["BlockSize"], ec2.describe_snapshots(SnapshotIds=[s["SnapshotId"]])["Snapshots"][0]["State"])
                        s = s["SnapshotId"]
                        print(reason(lambda: blocks(s)), reason(lambda: put(s, 2048, b"x")), reason(lambda: put(s, 0, b"x", Checksum=b64(bytes(32)))))
                        print(reason(lambda: ebs.put_snapshot_block(SnapshotId=s, BlockIndex=0, BlockData=b"x", DataLength=1, Checksum=b64(hashlib.sha256(b"x").digest()), ChecksumAlgorithm="SHA256")))
                        put(s, 0, b"another one takes its place")
                        for i, d in parts.items(): put(s, i, d)
                        done = lambda n, c: ebs.complete_snapshot(SnapshotId=s, ChangedBlocksCount=n, Checksum=c, ChecksumAlgorithm="SHA256", ChecksumAggregationMethod="LINEAR")
                        linear = b64(hashlib.sha256(b"".join(hashlib.sha256(parts[i]).digest() for i in sorted(parts))).digest())
                        print(reason(lambda: done(len(parts) + 1, linear)), reason(lambda: done(len(parts), b64(bytes(32)))))
                        print(done(len(parts), linear)["Status"], reason(lambda: done(len(parts), linear)), reason(lambda: put(s, 0, b"x")))
                        print({x["BlockIndex"]: fetch(s, x["BlockIndex"], x["BlockToken"]) for x in blocks(s)} == parts)
                        t = ebs.start_snapshot(VolumeSize=2, ParentSnapshotId=s)["SnapshotId"]
                        put(t, 2048, b"behind the end"); ebs.complete_snapshot(SnapshotId=t, ChangedBlocksCount=1)
                        print([x["BlockIndex"] for x in ebs.list_changed_blocks(FirstSnapshotId=s, SecondSnapshotId=t)["ChangedBlocks"]])
                        r = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]; put(r, 7, b"no file system"); ebs.complete_snapshot(SnapshotId=r, ChangedBlocksCount=1)
                        register = lambda s, n: ec2.register_image(Name=n, RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])["ImageId"]
                        print(register(s, "written") + " " + register(t, "parent") + " " + register(r, "raw"))
                        """)
                let lines = output.split(separator: "\n").map(String.init)
                #expect(
                    lines.dropLast() == [
                        "pending 524288 pending",
                        "('ValidationException', 'INVALID_PARAMETER_VALUE', 400) ('ValidationException', 'INVALID_BLOCK', 400) ('ValidationException', 'INVALID_BLOCK', 400)",
                        "('ValidationException', 'INVALID_BLOCK', 400)",
                        "('ValidationException', 'INVALID_PARAMETER_VALUE', 400) ('ValidationException', 'INVALID_PARAMETER_VALUE', 400)",
                        "completed ('ValidationException', 'INVALID_PARAMETER_VALUE', 400) ('ValidationException', 'INVALID_PARAMETER_VALUE', 400)",
                        "True", "[2048]",
                    ])
                let region = try fixture.plane.region(RegionName(parsing: "us-east-1"))
                let store = try ObjectStore(region.storeFolder, environment: .system())
                let trees = try #require(lines.last).split(separator: " ").map { id in
                    try Tree(#require(try region.image(ImageID(parsing: String(id))).root), in: store)
                }
                for tree in trees.prefix(2) {
                    #expect(try tree.node(at: TreePath(parsing: "/etc/motd"))?.metadata.mode == 0o640)
                    #expect(try tree.node(at: TreePath(parsing: "/noise"))?.content?.size == 2_000_000)
                }
                #expect(try trees.last?.node(at: TreePath(parsing: "/disk.raw"))?.content?.size == 1 << 30)
            }
        }
    }
}
