import Model
import Platform
import Text

/// Says when a program must end: cancelled, out of time, or beyond a limit that the kernel does not hold itself.
struct LimitWatch {
    enum Reason: Equatable {
        case cancelled
        case limit(String)
    }

    private let limits: ProgramLimits
    private let environment: Environment
    private let group: ControlGroup
    private let folder: String
    /// Bytes that the writable layer takes now.
    private let layerSize: () -> UInt64?
    private let sizeAtStart: UInt64
    private let started: UInt64
    private var freeAtLook: UInt64?
    private var nextLook: UInt64
    private var nextWalk: UInt64

    /// Nanoseconds between two looks at the disk.
    private static let lookInterval: UInt64 = 200_000_000
    /// Nanoseconds until the layer is walked whatever the free space says: others on the file system may free what is written.
    private static let walkInterval: UInt64 = 2_000_000_000

    init(
        _ limits: ProgramLimits, in environment: Environment, group: ControlGroup, folder: String, sizeAtStart: UInt64,
        layerSize: @escaping () -> UInt64?
    ) {
        self.limits = limits
        self.environment = environment
        self.group = group
        self.folder = folder
        self.sizeAtStart = sizeAtStart
        self.layerSize = layerSize
        started = environment.uptime()
        nextLook = started
        nextWalk = started + Self.walkInterval
        freeAtLook = try? Files.freeBytes(folder)
    }

    mutating func reason() -> Reason? {
        if environment.cancellation.isCancelled { return .cancelled }
        let now = environment.uptime()
        if let time = limits.time, now &- started >= time {
            return .limit("\(ProgramResult.End.timeLimit) of \(Self.seconds(time)) s")
        }
        if now < nextLook { return nil }
        nextLook = now + Self.lookInterval
        if let limit = group.reachedLimit(limits) { return .limit(limit) }
        return isDiskFull(now) ? .limit("the disk limit of \(Amount.bytes(limits.disk))") : nil
    }

    /// Looks at the free space of the whole file system, which costs nothing, and where that shrank by as much as may be written, or
    /// nobody has looked for long, at the layer, which must be walked for it.
    private mutating func isDiskFull(_ now: UInt64) -> Bool {
        guard let before = freeAtLook, let free = try? Files.freeBytes(folder) else { return false }
        freeAtLook = max(before, free)
        if now < nextWalk && (before <= free || before - free < limits.disk) { return false }
        guard let size = layerSize() else { return false }
        // A walk takes a tenth of the time at most.
        let end = environment.uptime()
        nextWalk = end + max(Self.walkInterval, (end &- now) * 10)
        let written = size > sizeAtStart ? size - sizeAtStart : 0
        if written >= limits.disk { return true }
        // Somebody else wrote. What is left to the program may be written before the next walk.
        freeAtLook = free + written
        return false
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
