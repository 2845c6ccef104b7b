import ImageStore
import Model
import Platform
import Sandbox

/// Runs a program for an action: its lines go to the console log, its standard output is the action's output.
struct ProgramOutput {
    let context: ActionContext

    /// The program's standard output, and what its exit status means. 194 asks for a start of the machine, after which the step runs again.
    func result(of program: GuestProgram, _ what: String) throws(Failure) -> ActionResult {
        var output = OutputText(limit: ComponentDocument.Limits.output)
        var errors = LastLines()
        var program = program
        program.limits.time = context.timeLeft
        program.network = context.network
        // Image Builder's default.
        let folder = GuestPath.workingFolder
        if try context.editor.resolvedNode(folder)?.isDirectory == true { program.workingFolder = folder.description }
        let result = try context.programs.run(program, on: context.editor) { stream, line in
            context.print(String(decoding: line, as: UTF8.self))
            if stream == .output { output.take(line) } else { errors.take(line) }
        }
        for remark in result.remarks { context.print(remark) }
        if result.droppedOutput > 0 { context.print("\(result.droppedOutput) bytes of output more were dropped") }
        switch result.end {
        case .exited(0): return ActionResult(["stdout": output.text])
        case .exited(194): return ActionResult(["stdout": output.text], reboot: .thenAgain)
        case .exited(let status): throw errors.failure("\(what) ended with exit status \(status)\(Self.meaning(of: status))")
        case .signalled(let signal): throw errors.failure("\(what) was ended by signal \(signal)")
        case .stopped(let limit): throw errors.failure("\(what) was ended at \(limit)")
        }
    }

    /// What a shell says by an exit status that it gives itself (POSIX.1-2017, Shell & Utilities 2.8.2).
    private static func meaning(of status: Int32) -> String {
        switch status {
        case 126: ": a command was found that cannot be executed"
        case 127: ": a command was not found in the image"
        default: ""
        }
    }
}

/// What a program wrote to its standard error, as the cause of a failure.
struct ProgramErrors: Error, CustomStringConvertible {
    let text: String
    var description: String { "it wrote: \(text)" }
}

/// The standard output of a program as a value for later steps: without its last line ends.
private struct OutputText {
    private var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// One byte more than the limit is kept, so that the engine sees that there was more.
    mutating func take(_ line: [UInt8]) {
        let room = limit + 1 - bytes.count
        if room <= 0 { return }
        bytes += line.prefix(room)
        bytes.append(0x0A)
    }

    var text: String {
        let end = bytes.lastIndex { $0 != 0x0A && $0 != 0x0D }
        return String(decoding: end.map { bytes[...$0] } ?? [], as: UTF8.self)
    }
}

/// The last lines of a stream.
private struct LastLines {
    private var lines: [[UInt8]] = []
    private static let count = 20
    private static let width = 2000

    mutating func take(_ line: [UInt8]) {
        if lines.count == Self.count { lines.removeFirst() }
        lines.append(Array(line.prefix(Self.width)))
    }

    func failure(_ message: String) -> Failure {
        let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        return Failure(.failed, message, cause: text.isEmpty ? nil : ProgramErrors(text: text))
    }
}
