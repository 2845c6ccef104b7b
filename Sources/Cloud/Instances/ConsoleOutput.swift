import Model
import Platform

/// What an instance wrote on its console: the end of it, as GetConsoleOutput gives it.
package struct ConsoleOutput: Hashable, Sendable {
    package let bytes: [UInt8]
    /// When something was written last; nil where nothing was.
    package let written: Instant?

    /// EC2 keeps as much.
    package static let limit = 64 << 10
}

extension EmbeddedRegion {
    private func consolePath(of id: InstanceID) -> String { folder(of: id) + "/console.log" }

    package func console(of id: InstanceID) throws(Failure) -> ConsoleOutput {
        do throws(SystemError) {
            let status = try Files.status(consolePath(of: id))
            let bytes = try Files.read(consolePath(of: id), limit: ConsoleOutput.limit * 2)
            return ConsoleOutput(bytes: bytes, written: Instant(seconds: status.modified / 1_000_000_000))
        } catch {
            if error.isNotFound { return ConsoleOutput(bytes: [], written: nil) }
            throw Failure(.io, "the console output of the instance \(id) cannot be read", cause: error)
        }
    }

    /// Adds to the console output and forgets what is older than the limit. One at a time, whoever holds the instance.
    package func addToConsole(_ bytes: [UInt8], of id: InstanceID) throws(Failure) {
        let lock: FileLock
        do throws(SystemError) { lock = try FileLock.acquire(consolePath(of: id) + ".lock") } catch {
            throw Failure(.io, "the console output of the instance \(id) cannot be locked", cause: error)
        }
        try withExtendedLifetime(lock) { _ throws(Failure) in
            let all = try console(of: id).bytes + bytes
            do throws(SystemError) {
                try Files.writeDurably(consolePath(of: id), Array(all.suffix(ConsoleOutput.limit)), permissions: 0o600)
            } catch { throw Failure(.io, "the console output of the instance \(id) cannot be written", cause: error) }
        }
    }
}

extension EmbeddedActions {
    package func consoleOutput(of id: InstanceID) throws(Failure) -> ConsoleOutput {
        guard try instances().contains(where: { $0.id == id }) else { throw Failure(.notFound(instances: [id])) }
        return try region.console(of: id)
    }
}
