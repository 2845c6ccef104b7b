import Model
import Platform

/// The files that a run leaves for people, in a folder of its own: `console.log`, written while it runs, and `detailedoutput.json`.
package final class ComponentLog {
    package let folder: String
    private let console: FileDescriptor
    private let environment: Environment
    /// After the first failed write nothing more is written, and the run goes on.
    private var isBroken = false

    package var consoleFile: String { folder + "/console.log" }

    /// Makes the folder. What an earlier run left there is replaced.
    package init(folder: String, environment: Environment) throws(Failure) {
        self.folder = folder
        self.environment = environment
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
        for line in ConsoleLog.lines(of: event, at: Instant(seconds: environment.seconds)) { write(line + "\n") }
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
