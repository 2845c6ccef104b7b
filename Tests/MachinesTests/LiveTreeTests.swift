import Cloud
import ImageStore
import Machines
import Model
import Platform
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"))
struct `What programs write on an instance` {
    @Test func `is there for the next program, and after a stop and a start`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            #expect(try fixture.exec(id, "echo one > /etc/made; rm /etc/group; hostname") == "ip-172-31-0-4")
            #expect(try fixture.exec(id, "cat /etc/made; ls /etc/group /etc/passwd 2> /dev/null || true") == "one\n/etc/passwd")
            _ = try fixture.actions().change([id], .stop)
            #expect(try fixture.state(id) == .stopped)
            #expect(throws: Failure.self) { try fixture.exec(id, "true") }
            _ = try fixture.actions().change([id], .start)
            #expect(try fixture.exec(id, "cat /etc/made") == "one")
        }
    }

    @Test func `is missing in an image without a restart, which names it, until it is made durable`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            try fixture.exec(id, "echo one > /etc/made; rm /etc/group")
            var new = InstanceImage(name: "first")
            new.isWithoutReboot = true
            let first = try fixture.actions().createImage(of: id, new)
            #expect(try fixture.text("/etc/made", of: first) == nil)
            let missing = try #require(try fixture.region.missingWrites(of: first))
            #expect(missing.paths == ["/etc/group", "/etc/made"] && missing.count == 2 && !missing.programsWereRunning)
            let tags = try fixture.region.image(first).tags
            #expect(tags["ingot:consistency"] == "crash-consistent")
            #expect(tags["ingot:missing-writes"] == "/etc/group, /etc/made")

            try fixture.actions().synchronizeInstance(id)
            new.name = "second"
            let second = try fixture.actions().createImage(of: id, new)
            #expect(try fixture.text("/etc/made", of: second) == "one\n")
            #expect(try fixture.region.missingWrites(of: second)?.count == 0)
            #expect(try fixture.region.image(second).tags["ingot:missing-writes"] == nil)
        }
    }

    @Test func `is in an image with a restart, which is crash-consistent with nothing`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            try fixture.exec(id, "echo one > /etc/made")
            let image = try fixture.actions().createImage(of: id, InstanceImage(name: "restarted"))
            #expect(try fixture.text("/etc/made", of: image) == "one\n")
            #expect(try fixture.region.missingWrites(of: image) == nil)
            #expect(try fixture.region.image(image).tags["ingot:consistency"] == nil)
        }
    }

    @Test func `is to end at a restart, also in a first boot of which nothing was kept yet`() throws {
        let clock = TestEnvironment()
        try MachineFixture.run(environment: clock.environment) { fixture in
            let id = try fixture.launch()
            // As the process that boots it has it.
            guard let lock = try fixture.region.lock(id, patience: 0) else { throw Failure(.busy, "the lock is free") }
            #expect(try !fixture.region.mustEnd(id))
            #expect(throws: Failure.self) { try fixture.actions().change([id], .reboot) }
            #expect(try fixture.region.mustEnd(id))
            _ = consume lock
        }
    }

    @Test func `is lost where it was not brought back, and nothing else is`() throws {
        let broken = Environment.failing(at: "machines.captured", occurrence: 2)
        try MachineFixture.run(environment: broken) { fixture in
            let id = try fixture.launch()
            try fixture.exec(id, "echo one > /etc/made")
            #expect(throws: Failure.self) {
                let machine = try fixture.machine(id)
                _ = try machine.run(["/bin/sh", "-c", "echo two > /etc/made"])
            }
            #expect(try fixture.exec(id, "cat /etc/made") == "one")
        }
    }

    @Test func `comes from one process at a time`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            let machine = try fixture.machine(id)
            let other = try fixture.otherProcess()
            let failure = #expect(throws: Failure.self) { try other.machine(id) }
            #expect(failure?.code == .busy)
            machine.close()
        }
    }

    @Test func `by several programs at once can be looked at while they run`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            let machine = try fixture.machine(id)
            defer { machine.close() }
            let isWritten = try Gate()
            try together(
                {
                    _ = try machine.run(
                        ["/bin/sh", "-c", "echo one > /first; echo written; while [ ! -e /second ]; do :; done"],
                        onLine: { _, _ in isWritten.open() })
                },
                {
                    isWritten.wait()
                    try machine.capture()
                    var new = InstanceImage(name: "while it runs")
                    new.isWithoutReboot = true
                    let image = try fixture.actions().createImage(of: id, new)
                    #expect(try fixture.region.missingWrites(of: image)?.paths == ["/first"])
                    _ = try machine.script("echo two > /second")
                })
            #expect(try machine.script("cat /first /second") == "one\ntwo")
        }
    }

    @Test func `before the instance was stopped by another process is kept, and its program ended`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            let isWritten = try Gate()
            try together(
                {
                    let failure = #expect(throws: Failure.self) {
                        let machine = try fixture.machine(id)
                        defer { machine.close() }
                        _ = try machine.run(
                            ["/bin/sh", "-c", "echo one > /made; echo written; sleep 600"], onLine: { _, _ in isWritten.open() })
                    }
                    #expect(failure?.code == .cancelled && failure?.message.contains("stopped") == true)
                },
                {
                    isWritten.wait()
                    _ = try fixture.otherProcess().actions().change([id], .stop)
                    #expect(try fixture.state(id) == .stopped)
                })
            _ = try fixture.actions().change([id], .start)
            #expect(try fixture.exec(id, "cat /made") == "one")
        }
    }

    @Test func `is gone with an instance of an instance store, which can be terminated and not stopped`() throws {
        try MachineFixture.run { fixture in
            var new = NewImage(
                name: try AMIName(parsing: "stored"), description: "", architecture: .x86, created: Instant(seconds: 1),
                volumes: [],
                token: "stored")
            new.machine.rootDevice = .instanceStore
            let pending = try fixture.region.registerPending(new)
            let root = try #require(try fixture.region.image(fixture.image).root)
            let image = try fixture.region.markAvailable(pending.id, root: root, logicalSize: 1, at: Instant(seconds: 1)).id
            let id = try fixture.launch(image)
            let failure = #expect(throws: Failure.self) { _ = try fixture.actions().change([id], .stop) }
            #expect(failure?.planeError?.code == .unsupportedOperation)
            #expect(failure?.message.hasSuffix("does not have an 'ebs' root device type and cannot be stopped.") == true)
            _ = try fixture.actions().change([id], .terminate)
            #expect(try fixture.state(id) == .terminated)
        }
    }

    @Test func `of another account's instance nobody sees or changes`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            let other = try fixture.actions(MachineFixture.otherID)
            #expect(try other.instances().isEmpty)
            #expect(throws: Failure.self) { _ = try other.createImage(of: id, InstanceImage(name: "stolen")) }
            #expect(throws: Failure.self) { try other.synchronizeInstance(id) }
            #expect(throws: Failure.self) { _ = try other.change([id], .stop) }
        }
    }
}
