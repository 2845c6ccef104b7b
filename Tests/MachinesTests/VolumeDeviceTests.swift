import API
import Cloud
import FoundationEssentials
import ImageStore
import Machines
import Model
import Orchestration
import Platform
import SigV4
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: VolumeImage.isAvailable, "\(VolumeImage.obstacle ?? "")"))
struct `Volumes of instances that run` {
    private static let make = "mkfs.ext4 -q /dev/xvdf && mount /dev/xvdf /mnt && cp -a /bin /etc /mnt/ && echo one > /mnt/one"

    /// An instance with a blank volume at /dev/sdf.
    private static func launch(_ fixture: MachineFixture, isEncrypted: Bool = false) throws -> (InstanceID, VolumeRecord) {
        let image = try VolumeImage.make(in: fixture.region)
        let id = try fixture.launch(image) { launch in
            var request = InstanceLaunch.DeviceRequest(device: "/dev/sdf")
            request.size = 1
            request.isEncrypted = isEncrypted ? true : nil
            request.isDeletedOnTermination = false
            launch.volumes = [request]
        }
        return (id, try volume(of: id, fixture))
    }

    /// Writes to the volume, and does something while the instance is mounted.
    private static func write(on id: InstanceID, _ fixture: MachineFixture, _ body: () throws -> Void) throws {
        let machine = try fixture.machine(id)
        defer { machine.close() }
        _ = try machine.script(make + " && umount /mnt")
        try body()
    }

    private static func volume(of id: InstanceID, _ fixture: MachineFixture) throws -> VolumeRecord {
        let instance = try fixture.actions().instances().first { $0.id == id }
        return try #require(instance?.volumes.first { $0.attachment?.device == "/dev/sdf" })
    }

    private static func files(_ fixture: MachineFixture) -> [String] {
        Files.names(in: "\(fixture.home)/regions/us-east-1/volumes")
    }

    @Test(
        "what was written is in the volume's snapshot, in a volume of that and in an image, encrypted and not",
        arguments: [false, true])
    func snapshot(isEncrypted: Bool) throws {
        try MachineFixture.run { fixture in
            let (id, volume) = try Self.launch(fixture, isEncrypted: isEncrypted)
            try fixture.exec(id, Self.make)
            let snapshot = try fixture.actions().createSnapshot(of: volume.id, description: "", tags: TagSet())
            #expect(snapshot.isEncrypted == isEncrypted && (snapshot.key != nil) == isEncrypted)
            let tree = try Tree(#require(snapshot.root), in: try fixture.region.store(under: snapshot.key))
            #expect(try tree.text("/one") == "one\n")
            // So it is in a snapshot that comes with an image of the instance, and in an instance of that.
            let whole = try fixture.actions().createImage(of: id, InstanceImage(name: "whole"))
            let mapping = try #require(try fixture.region.image(whole).volumes.first { $0.deviceName == "/dev/sdf" })
            let data = try #require(mapping.snapshot.flatMap { try fixture.region.snapshots([$0]).first })
            #expect(data.volume == volume.id && data.isEncrypted == isEncrypted && data.root == snapshot.root)
            #expect(try fixture.exec(fixture.launch(whole), "mount /dev/xvdf /mnt && cat /mnt/one") == "one")
            // A volume of it has the very bytes, and goes on from there.
            let copy = try fixture.actions().createVolume(VolumeCreation(zone: volume.zone, snapshot: snapshot.id))
            _ = try fixture.actions().attachVolume(copy.id, to: id, device: "/dev/sdg")
            let script = """
                sum() { dd if=$1 bs=1M count=64 2>/dev/null | busybox md5sum; }
                test "$(sum /dev/xvdf)" = "$(sum /dev/xvdg)" && mount /dev/xvdg /mnt && cat /mnt/one && echo two > /mnt/two && umount /mnt
                """
            #expect(try fixture.exec(id, script) == "one")
            _ = try fixture.actions().detachVolume(copy.id, from: id, device: nil)
            let next = try fixture.actions().createSnapshot(of: copy.id, description: "", tags: TagSet())
            let image = try fixture.actions().registerImage(
                ImageRegistration(
                    name: "of a volume",
                    volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 0), snapshot: next.id)]))
            let made = try Tree(#require(try fixture.region.image(image).root), in: try fixture.region.store(under: next.key))
            #expect(try made.text("/two") == "two\n")
            #expect(try made.node(at: "/bin/busybox")?.content == tree.node(at: "/bin/busybox")?.content)
        }
    }

    @Test func `what was written outlives a stop, and a file of it is there only while the instance can run`() throws {
        try MachineFixture.run { fixture in
            let (id, volume) = try Self.launch(fixture)
            try fixture.exec(id, Self.make)
            #expect(Self.files(fixture) == [volume.id.description])
            _ = try fixture.actions().change([id], .stop)
            #expect(Self.files(fixture).isEmpty)
            let stopped = try Self.volume(of: id, fixture)
            #expect(try fixture.text("/one", ofRoot: #require(stopped.root)) == "one\n")
            _ = try fixture.actions().change([id], .start)
            #expect(try fixture.exec(id, "mount /dev/xvdf /mnt && cat /mnt/one") == "one")
            // What is not in a file system is kept all the same.
            try fixture.exec(
                id, "dd if=/dev/zero of=/dev/xvdf bs=1024 count=64 2>/dev/null && echo raw | dd of=/dev/xvdf 2>/dev/null")
            _ = try fixture.actions().change([id], .terminate)
            #expect(Self.files(fixture).isEmpty)
            let kept = try #require(try fixture.actions().describeVolumes(VolumeQuery(ids: [volume.id])).first)
            let disk = try Tree(#require(kept.root), in: try fixture.region.store)
            let bytes = try disk.node(at: "/disk.raw")?.content?.size
            #expect(kept.state == .available && bytes == 1 << 30)
        }
    }

    @Test func `a volume of an image's snapshot is a file system with its files and with room`() throws {
        try MachineFixture.run { fixture in
            let image = try VolumeImage.make(in: fixture.region)
            let id = try fixture.launch(image)
            let snapshot = try #require(try fixture.region.image(image).volumes.first?.snapshot)
            let zone = try #require(try fixture.actions().instances().first).subnet.zone
            let volume = try fixture.actions().createVolume(VolumeCreation(zone: zone, snapshot: snapshot))
            _ = try fixture.actions().attachVolume(volume.id, to: id, device: "/dev/sdf")
            let script = """
                mount /dev/xvdf /mnt && cat /mnt/etc/passwd | head -n 1
                dd if=/bin/busybox of=/mnt/large bs=1M seek=500 2>/dev/null && stat -c %u /mnt/home/admin && umount /mnt
                """
            #expect(try fixture.exec(id, script) == "root:x:0:0:root:/root:/bin/sh\n1000")
        }
    }

    @Test func `a volume is not taken from programs of another process, and a killed process takes nothing away`() throws {
        try MachineFixture.run { fixture in
            let (id, volume) = try Self.launch(fixture)
            try Self.write(on: id, fixture) {
                #expect(throws: Failure.self) { try fixture.actions().detachVolume(volume.id, from: id, device: nil) }
            }
            // As a process leaves it that is killed: the file is there, the row says nothing of it.
            #expect(try Self.volume(of: id, fixture).root == nil && Self.files(fixture) == [volume.id.description])
            try Files.writeDurably("\(fixture.home)/regions/us-east-1/volumes/\(volume.id).1:1", Array("half".utf8))
            let other = try fixture.otherProcess()
            #expect(try other.exec(id, "mount /dev/xvdf /mnt && cat /mnt/one") == "one")
            let detached = try other.actions().detachVolume(volume.id, from: id, device: nil)
            #expect(detached.attachment?.device == "/dev/sdf")
            let kept = try #require(try other.actions().describeVolumes(VolumeQuery(ids: [volume.id])).first)
            #expect(try fixture.text("/one", ofRoot: #require(kept.root)) == "one\n")
            try fixture.region.sweepDisks()
            #expect(Self.files(fixture).isEmpty)
        }
    }

    @Test func `no snapshot is made of what programs of another process write to`() throws {
        try MachineFixture.run { fixture in
            let (id, volume) = try Self.launch(fixture)
            try Self.write(on: id, fixture) {
                let failure = #expect(throws: Failure.self) {
                    try fixture.actions().createSnapshot(of: volume.id, description: "", tags: TagSet())
                }
                #expect(failure?.code == .busy)
            }
            let snapshot = try fixture.actions().createSnapshot(of: volume.id, description: "", tags: TagSet())
            #expect(try fixture.text("/one", ofRoot: #require(snapshot.root)) == "one\n")
        }
    }

    @Test func `copies of snapshots and images have the very bytes, also in another region and under a key`() throws {
        try MachineFixture.run { fixture in
            let (id, volume) = try Self.launch(fixture)
            try fixture.exec(id, "echo raw | dd of=/dev/xvdf 2>/dev/null")
            let snapshot = try fixture.actions().createSnapshot(of: volume.id, description: "", tags: TagSet())
            let plane = try #require(fixture.workspace.plane as? EmbeddedPlane)
            let there = try RegionName(parsing: "us-west-2")
            _ = try plane.makeRegion(there)
            let owner = try AccountID(parsing: MachineFixture.ownerID)
            let image = try fixture.actions().registerImage(
                ImageRegistration(
                    name: "with bytes",
                    volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 0), snapshot: snapshot.id)]))
            let here = fixture.region.name
            for (region, isEncrypted) in [(here, false), (here, true), (there, false), (there, true)] {
                let actions = try plane.actions(in: region, as: owner)
                let copy = try actions.copySnapshot(
                    SnapshotCopying(sourceRegion: here, source: snapshot.id, isEncrypted: isEncrypted))
                let copied = try actions.copyImage(
                    ImageCopying(
                        name: "copy \(isEncrypted)", sourceRegion: here, source: image, isEncrypted: isEncrypted))
                let ofImage = try #require(try plane.open(region).image(copied).volumes.first?.snapshot)
                for made in [copy, ofImage] {
                    let new = try actions.createVolume(VolumeCreation(zone: "\(region)a", snapshot: made))
                    let disk = try FileDescriptor.open(try plane.open(region).disk(of: new), .read)
                    var bytes = [UInt8](repeating: 0, count: 4)
                    _ = try disk.read(into: &bytes, count: 4, at: 0)
                    #expect(bytes == Array("raw\n".utf8), "\(region) \(isEncrypted) \(made)")
                }
            }
        }
    }

    /// Snapshots of a volume until there is a file on one.
    private static func wait(for path: TreePath, on volume: VolumeID, _ fixture: MachineFixture) throws {
        for _ in 0..<500 {
            let snapshot = try fixture.actions().createSnapshot(of: volume, description: "", tags: TagSet())
            let store = try fixture.region.store(under: snapshot.key)
            if try Tree(#require(snapshot.root), in: store).text(path) != nil { return }
            fixture.environment.wait(10_000_000)
        }
        Issue.record("the file does not come on the volume")
    }

    /// The script goes on when a volume comes, so this ends only if that does not wait for the boot.
    @Test func `during a first boot volumes come, are stored, and go, but for those that cannot be stored`() throws {
        try ServedFixture.run { served in
            let fixture = served.machines
            let actions = try fixture.actions()
            let image = try VolumeImage.make(in: fixture.region)
            let script = """
                #!/bin/sh
                await() { until test -b $1; do sleep 0.01; done; }
                await /dev/xvdf && mkfs.ext4 -q /dev/xvdf && mount /dev/xvdf /mnt && echo one > /mnt/one && sync
                await /dev/xvdg && echo two > /dev/xvdg && echo two > /mnt/two && sync
                await /dev/xvdh && test -b /dev/xvdg && echo three > /mnt/three && sync
                while test -e /dev/xvdg; do sleep 0.01; done
                umount /mnt; touch /over

                """
            let id = try fixture.launch(image) { $0.userData = Data(script.utf8).base64EncodedString() }
            let zone = try #require(try actions.instances().first).subnet.zone
            let key = try actions.createKey(KeyCreation()).key.arn.description
            let volumes = try ["", key, ""].map { key in
                let isEncrypted = !key.isEmpty
                return try actions.createVolume(
                    VolumeCreation(zone: zone, size: 1, isEncrypted: isEncrypted, key: isEncrypted ? key : nil)
                ).id
            }
            _ = try actions.attachVolume(volumes[0], to: id, device: "/dev/sdf")
            try Self.wait(for: "/one", on: volumes[0], fixture)
            _ = try actions.attachVolume(volumes[1], to: id, device: "/dev/sdg")
            try Self.wait(for: "/two", on: volumes[0], fixture)
            try actions.disableKey(key)
            #expect(throws: Failure.self) { try actions.detachVolume(volumes[1], from: id, device: nil) }
            #expect(try actions.describeVolumes(VolumeQuery(ids: [volumes[1]])).first?.state == .inUse)
            _ = try actions.attachVolume(volumes[2], to: id, device: "/dev/sdh")
            try Self.wait(for: "/three", on: volumes[0], fixture)
            try actions.enableKey(key)
            _ = try actions.detachVolume(volumes[1], from: id, device: nil)
            let machine = try fixture.machine(id, patience: 60_000_000_000)
            defer { machine.close() }
            #expect(try machine.script("ls /over") == "/over")
        }
    }

    @Test(
        "boto3 attaches a volume to an instance that runs a script, and detaches it with what the script wrote",
        .enabled(if: AWSClients.isAvailable, AWSClients.missing))
    func served() throws {
        try ServedFixture.run { fixture in
            let image = try VolumeImage.make(in: fixture.machines.region)
            let id = try fixture.machines.launch(image)
            let output = try AWSClients.python(
                """
                import boto3
                def client(service):
                    return boto3.client(service, region_name="us-east-1", endpoint_url="http://127.0.0.1:\(fixture.port)",
                        aws_access_key_id="\(fixture.owner.key.id)", aws_secret_access_key="\(fixture.owner.key.secret)")
                ec2, ssm, id = client("ec2"), client("ssm"), "\(id)"
                def send(*commands):
                    return ssm.send_command(InstanceIds=[id], DocumentName="AWS-RunShellScript",
                        Parameters=dict(commands=list(commands)))["Command"]["CommandId"]
                def wait(command):
                    ssm.get_waiter("command_executed").wait(CommandId=command, InstanceId=id, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
                    return ssm.get_command_invocation(CommandId=command, InstanceId=id)["Status"]
                zone = ec2.describe_instances()["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
                volume = ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
                running = send("set -e", "echo > /started", "until test -b /dev/xvdf; do sleep 0.01; done", "mkfs.ext4 -q /dev/xvdf",
                    "mount /dev/xvdf /mnt", "echo one > /mnt/one", "while test -e /dev/xvdf; do sleep 0.01; done")
                print(wait(send("until test -e /started; do sleep 0.01; done")))
                ec2.attach_volume(VolumeId=volume, InstanceId=id, Device="/dev/sdf")
                print(wait(send("until test -s /mnt/one; do sleep 0.01; done")))
                ec2.detach_volume(VolumeId=volume)
                print(wait(running))
                print(ec2.create_snapshot(VolumeId=volume)["SnapshotId"])
                """)
            let lines = output.split(separator: "\n").map(String.init)
            #expect(lines.prefix(3) == ["Success", "Success", "Success"], "\(output)")
            let made = try SnapshotID(parsing: #require(lines.last))
            let snapshot = try #require(try fixture.machines.region.snapshots([made]).first)
            #expect(try fixture.machines.text("/one", ofRoot: #require(snapshot.root)) == "one\n")
        }
    }
}
