import Model
import Platform

/// The files that a run leaves for people, in a folder of its own: `console.log`, written while it runs, and `detailedoutput.json`.
package final class ComponentLog {
    private let folder: String
    private let console: FileDescriptor
    /// After the first failed write nothing more is written, and the run goes on.
    private var isBroken = false

    package var consoleFile: String { folder + "/console.log" }

    /// Makes the folder. What an earlier run left there is replaced.
    package init(folder: String) throws(Failure) {
        self.folder = folder
        do throws(SystemError) {
            try Files.makeFolders(folder, permissions: 0o700)
            let file = folder + "/console.log"
            if Files.exists(file) { try Files.remove(file) }
            console = try FileDescriptor.open(file, .create, permissions: 0o600)
        } catch {
            throw Failure(error.isNoSpace ? .exhausted : .io, "the log folder \(folder) cannot be made", cause: error)
        }
    }

    package func take(_ event: ComponentEvent) {
        for line in event.lines { write(line + "\n") }
    }

    private func write(_ text: String) {
        if isBroken { return }
        do throws(SystemError) { try console.write(Array(text.utf8)) } catch { isBroken = true }
    }

    /// Writes the report.
    package func finish(_ report: ExecutionReport) throws(Failure) {
        let path = folder + "/detailedoutput.json"
        let bytes = Array(try report.json().utf8)
        do throws(SystemError) { try Files.writeDurably(path, bytes, permissions: 0o600) } catch {
            throw Failure(error.isNoSpace ? .exhausted : .io, "the report \(path) cannot be written", cause: error)
        }
    }
}

extension ComponentEvent {
    /// What `console.log` says of it.
    package var lines: [String] {
        switch self {
        case .documentStarted(let name): ["Document \(name)"]
        case .phaseStarted(let name): ["Phase \(name)"]
        case .stepStarted(let name, let action): ["Step \(name) (\(action))"]
        case .output(let line): ["Stdout: \(line)"]
        case .remark(let text): ["Info: \(text)"]
        case .stepEnded(let report): ["Step \(report.name) ended: \(report.status.rawValue)"]
        case .failed(let block): block.lines
        case .documentEnded(let name, let status): ["Document \(name) ended: \(status.rawValue)"]
        }
    }
}

extension FailureBlock {
    /// The failure block of AWSTOE's console.
    package var lines: [String] {
        let fields = [("Document", document), ("Phase", phase), ("Step", step), ("Action", action), ("ErrorMessage", errorMessage)]
        let block = ["Failure:"] + fields.map { "  \($0): \($1)" }
        return stderr.isEmpty ? block : block + ["  Stderr:"] + stderr.split(separator: "\n").map { "    \($0)" }
    }
}
