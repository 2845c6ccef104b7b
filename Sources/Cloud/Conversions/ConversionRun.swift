import Crypto
import Disks
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

/// One import or export, from its claim to its end.
struct ConversionRun {
    let task: ConversionTask
    let region: EmbeddedRegion
    let plane: EmbeddedPlane
    /// Its cancellation is that of the task.
    let environment: Environment

    init(_ task: ConversionTask, _ region: EmbeddedRegion, _ plane: EmbeddedPlane, _ environment: Environment) {
        self.task = task
        self.region = region
        self.plane = plane
        self.environment = environment
    }

    /// What the owner of the task may do.
    var actions: EmbeddedActions {
        EmbeddedActions(plane: plane, region: region, principal: .account(task.owner), isDryRun: false)
    }

    func run() throws(Failure) {
        switch task.request {
        case .image(let wish): try importImage(wish)
        case .snapshot(let wish): try importSnapshot(wish)
        case .export(let wish): try export(wish)
        case .bundle(let wish): try bundle(wish)
        }
    }

    /// Tells how far it is, and ends where it was cancelled.
    func note(_ message: String, _ progress: Int, _ disks: [ConvertedDisk]) throws(Failure) {
        let goesOn = try region.noteConversion(task.id, message, progress: progress, disks: disks)
        guard goesOn, !environment.cancellation.isCancelled else { throw Self.cancelled }
    }

    func point(_ name: StaticString) throws(Failure) {
        do throws(SystemError) { try environment.failpoint(name) } catch {
            throw Failure(.io, "\(task.id) cannot go on", cause: error)
        }
    }

    /// Ends the task, with what it made in the same transaction; one that was cancelled meanwhile makes nothing.
    func finish(_ body: (Session) throws -> Void = { _ in }) throws(Failure) {
        try region.database.write("end \(task.id)") { session in
            guard try session.conversions("id = ?", task.id).first?.status == .active else { throw Self.cancelled }
            try body(session)
            try session.end(task.id, .completed, nil, at: actions.now)
        }
    }

    static let cancelled = Failure(.cancelled, "the conversion was cancelled")

    /// As VM Import/Export says whose fault it was. Paths stay here.
    static func message(of failure: Failure) -> String {
        switch failure.code {
        case .io, .corrupt, .bug, .exhausted, .busy, .unavailable:
            "ServerError: an internal error has occurred during conversion."
        case .cancelled: EmbeddedRegion.cancelled
        default: "ClientError: \(failure.message)"
        }
    }
}
