import Cloud
import Model
import Platform
import TestSupport
import Testing

/// One plane, asked through both doors at once: directly, and through its endpoint. What one says, the other says too.
@Suite("both doors of a plane") struct DoorComparison {
    @Test("the endpoint tells what EC2 tells: no root digest, and not whose version an image is")
    func silence() throws {
        try PlaneUnderTest.served.withAccounts { world in
            let image = try world.image("web")
            #expect(try world.inside().imageAttributes(image).root == digest("content"))
            #expect(try world.actions().imageAttributes(image).root == nil)
        }
    }

    @Test(
        "two hundred requests at random, many of them wrong, are refused in the same words, and lists say the same after each",
        arguments: [1, 2] as [UInt64])
    func differential(seed: UInt64) throws {
        try PlaneUnderTest.served.withAccounts { world in
            var walk = try DoorWalk(world, seed: seed)
            for _ in 0..<200 {
                try walk.step()
                try walk.compareLists()
            }
            // Enough of the walk did something.
            #expect(walk.done > 40 && walk.refused > 40, "\(walk.done) done, \(walk.refused) refused")
        }
    }
}

/// What came of a request: a value, or a refusal.
enum Outcome<Value: Equatable>: Equatable {
    case value(Value)
    case refused(PlaneError)

    /// A failure that is no refusal of the plane's goes on.
    init(_ body: () throws -> Value) throws {
        do { self = .value(try body()) } catch let failure as Failure {
            guard let error = failure.planeError else { throw failure }
            self = .refused(error)
        }
    }
}

extension Outcome where Value == [AnyHashable] {
    /// The first element that is another one, for people.
    func difference(from other: Self) -> String {
        guard case .value(let mine) = self, case .value(let others) = other, mine.count == others.count,
            let pair = zip(mine, others).first(where: { $0 != $1 })
        else { return "\(self)\n\(other)" }
        return "\(pair.0)\n\(pair.1)"
    }
}

// Records with what EC2 tells of them.
extension ImageDescription {
    var asTold: ImageDescription {
        var told = self
        told.image = image.asTold(at: now)
        told.image.permissions = image.isPublic ? [.everyone] : []
        return told
    }
}

extension ImageRecord {
    func asTold(at now: Instant) -> ImageRecord {
        var told = self
        if !protection.protects(at: now) { told.protection = .disabled }
        told.root = nil
        told.logicalSize = 0
        told.release = nil
        told.source = madeOf
        told.parent = nil
        told.chosenDeprecation = deprecation
        told.machine.uefiData = nil
        told.machine.manifestLocation = nil
        told.machine.billingProducts = []
        for index in told.volumes.indices { told.volumes[index].volume.key = nil }
        return told
    }
}

extension SnapshotRecord {
    var asTold: SnapshotRecord {
        var told = self
        told.root = nil
        told.parent = nil
        told.permissions = []
        told.tiering = nil
        told.lock = nil
        return told
    }
}

extension VolumeRecord {
    var asTold: VolumeRecord {
        var told = self
        told.root = nil
        told.logicalSize = 0
        told.volume.isDeletedOnTermination = attachment?.isDeletedOnTermination ?? false
        return told
    }
}
