import Crypto
import Model
import Platform
import Sandbox
import Text

/// What the documents of a run share, called ones too.
final class RunState {
    let context: ComponentContext
    /// Knows all secret values that the run came across.
    private(set) var redactor = Redactor()
    private var reboots = 0
    private var folders = 0
    private var stored: [String: StoredParameter] = [:]
    private var hasPrograms = false

    init(context: ComponentContext) { self.context = context }

    func emit(_ event: ComponentEvent) { context.watch(event) }

    /// The names of the SecureString parameters that were read so far, sorted.
    var secureParameters: [String] {
        stored.filter { if case .secure = $0.value.value { true } else { false } }.map(\.key).sorted()
    }

    func remark(_ text: String) { emit(.remark(redactor.redacted(text))) }

    /// The time as reports have it.
    var time: String { Instant(seconds: context.environment.seconds).description }

    func checkCancellation() throws(Failure) {
        if context.environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
    }

    func hide(_ value: String) { redactor.add(value) }

    /// A version 4 UUID (RFC 9562).
    func newID() throws(Failure) -> String {
        do throws(SystemError) {
            return UUIDText.text(try context.environment.random(UUIDText.byteCount), version: 4)
        } catch {
            throw Failure(.io, "the run got no name", cause: error)
        }
    }

    /// The machine is started anew: every process has ended with its step already, and the tree, `/tmp` in it too, stays as it is.
    func reboot() throws(Failure) {
        reboots += 1
        guard reboots <= ComponentDocument.Limits.reboots else {
            throw Failure(
                .failed, "the machine was started anew more than \(ComponentDocument.Limits.reboots) times",
                hint: "a script that ends with status 194 must come to another status once its work is done")
        }
        emit(.remark("the machine is started anew (\(reboots) of at most \(ComponentDocument.Limits.reboots) times)"))
    }

    /// Asked once a run.
    func needPrograms() throws(Failure) {
        if hasPrograms { return }
        try context.programs.checkAvailable()
        hasPrograms = true
    }

    /// A value that was read once stays the same for the whole run.
    func storedParameter(_ name: String) throws(Failure) -> StoredParameter {
        if let known = stored[name] { return known }
        guard let found = try context.parameters.parameter(name) else {
            throw Failure(.notFound, "there is no Systems Manager parameter \(name)")
        }
        if case .secure(let value) = found.value { hide(value) }
        stored[name] = found
        return found
    }

    /// Runs `body` with a folder of the host that is removed afterwards.
    func withFolder<Result>(_ body: (String) throws(Failure) -> Result) throws(Failure) -> Result {
        folders += 1
        let folder = "\(context.temporaryFolder)/step-\(folders)"
        do throws(SystemError) { try Files.makeFolders(folder, permissions: 0o700) } catch {
            throw Failure(.io, "the step's folder \(folder) cannot be made", cause: error)
        }
        defer { try? Files.removeTree(folder) }
        return try body(folder)
    }
}

extension Failure {
    /// Whether this ends the run, whatever the document says about failures.
    var endsRun: Bool { code == .cancelled || code == .corrupt || code == .bug || isOfFullDisk }

    /// Whether the disk of the host is full: no fault of the step, and no later step could be kept either.
    private var isOfFullDisk: Bool {
        switch cause {
        case let failure as Failure: failure.isOfFullDisk
        case let error as SystemError: error.isNoSpace
        default: false
        }
    }
}
