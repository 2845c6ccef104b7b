import ImageStore
import Model

/// A job that at(1) or batch(1) starts once.
package struct AtJob: Hashable, Sendable {
    package let path: TreePath
    package let queue: Character
    package let number: UInt32
    /// Seconds since 1970.
    package let time: Int64
    package let uid: UInt32

    package static let folders: [TreePath] = ["/var/spool/cron/atjobs", "/var/spool/at"]

    package static func all(in guest: any TreeView) throws(Failure) -> [AtJob] {
        var jobs: [AtJob] = []
        for folder in folders {
            for (name, node) in try guest.children(of: try guest.resolve(folder)) ?? [] where node.content != nil {
                if let job = AtJob(folder.appending(name), node.metadata.uid) { jobs.append(job) }
            }
        }
        return jobs
    }

    /// The name is a letter, five hexadecimal digits of the number, and eight of the time in minutes.
    private init?(_ path: TreePath, _ uid: UInt32) {
        let name = path.last?.description ?? ""
        guard let queue = name.first, queue.isASCII, name.utf8.count == 14,
            let number = UInt32(name.dropFirst().prefix(5), radix: 16),
            let minutes = Int64(name.suffix(8), radix: 16), minutes >= 0
        else { return nil }
        self.path = path
        self.queue = queue
        self.number = number
        time = minutes * 60
        self.uid = uid
    }
}
