import Glibc
import Platform

/// Answers for the kernel what programs in the sandbox ask of it about mounts: those that the instance's root asks for of the instance's own
/// volumes are carried out, in the namespaces that all its programs share, and everything else is refused.
///
/// What is read of the caller's memory is read once, and the call itself never happens: there is nothing to change between look and act.
final class MountSupervisor: Sendable {
    private let volumes: AttachedVolumes
    /// Where the process that begins to watch sends the descriptor of the notices.
    let channel: DescriptorChannel
    /// The filter that makes the notices.
    let filter: [UInt8]
    /// How many filters the process has that makes the walls, before it has set up those of the program.
    private let filtersOfWalls: Int

    /// Nil where the kernel does not tell who asks.
    init?(_ volumes: AttachedVolumes) throws(SystemError) {
        guard let own = ForeignProcess.ownFilters() else { return nil }
        filtersOfWalls = own + 1
        self.volumes = volumes
        channel = try DescriptorChannel()
        filter = try RefusedCalls.questions()
    }

    /// The notices, once the process watches.
    func open() throws(SystemError) -> CallNotices { try CallNotices(from: channel) }

    /// Answers the next notice.
    func answer(_ notices: CallNotices) {
        guard let notice = notices.next() else { return }
        guard let process = try? ForeignProcess(notice.process), let filters = process.filters(), let user = process.fileUser(),
            notices.isWaiting(notice)
        else { return notices.answer(notice, error: EPERM) }
        // What makes the walls mounts for itself; no program has as few filters as that.
        if filters == filtersOfWalls { return notices.pass(notice) }
        let isRoot = user == volumes.root
        switch notice.call {
        case .mount where isRoot: notices.answer(notice, error: mount(notice, process, notices))
        case .unmount where isRoot: notices.answer(notice, error: unmount(notice, process, notices))
        case .synchronize:
            try? volumes.flush()
            notices.pass(notice)
        case .mount, .unmount, .other: notices.answer(notice, error: EPERM)
        }
    }

    private func mount(
        _ notice: CallNotices.Notice, _ process: borrowing ForeignProcess, _ notices: CallNotices
    ) -> Int32 {
        let words = notice.arguments
        guard let source = Self.text(words[0], process), let target = Self.text(words[1], process),
            let type = Self.text(words[2], process)
        else { return EPERM }
        let options = words[4] == 0 ? "" : Self.text(words[4], process)
        guard let options, let path = Self.path(target, process), notices.isWaiting(notice) else { return EINVAL }
        do throws(MountRequest.Refusal) {
            let request = try MountRequest(source: source, type: type, flags: words[3], options: options)
            return volumes.mount(request, at: path)
        } catch { return error.errno }
    }

    private func unmount(
        _ notice: CallNotices.Notice, _ process: borrowing ForeignProcess, _ notices: CallNotices
    ) -> Int32 {
        // Lazily is done as otherwise: what is in use stays mounted. Forcing and expiring are not.
        guard notice.arguments[1] & ~Self.unmountFlags == 0 else { return EPERM }
        guard let target = Self.text(notice.arguments[0], process), let path = Self.path(target, process),
            notices.isWaiting(notice)
        else { return EINVAL }
        return volumes.unmount(path)
    }

    /// `MNT_DETACH` and `UMOUNT_NOFOLLOW`.
    private static let unmountFlags: UInt64 = 2 | 8

    private static func text(_ address: UInt64, _ process: borrowing ForeignProcess) -> String? {
        guard address != 0, let bytes = process.text(at: address) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A path of a process as one from the root of the instance.
    private static func path(_ text: String, _ process: borrowing ForeignProcess) -> String? {
        guard !text.isEmpty else { return nil }
        let start = text.hasPrefix("/") ? try? process.root() : try? process.workingFolder()
        guard let start, let start = String(validating: start, as: UTF8.self) else { return nil }
        return start == "/" && text.hasPrefix("/") ? text : "\(start)/\(text)"
    }
}
