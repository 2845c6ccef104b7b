import ImageStore
import Model

/// All that cron and anacron start in an image, from every place that they look at.
package enum CronJobs {
    package static let table: TreePath = "/etc/crontab"
    package static let folder: TreePath = "/etc/cron.d"
    package static let anacronTable: TreePath = "/etc/anacrontab"
    /// Folders of programs, by when they are run.
    package static let programFolders = ["cron.hourly", "cron.daily", "cron.weekly", "cron.monthly", "cron.yearly"]
    package static let userFolders: [TreePath] = ["/var/spool/cron/crontabs", "/var/spool/cron"]

    package static func all(in guest: any TreeView) throws(Failure) -> [CronJob] {
        var jobs = CronTable.jobs(try LogicalLines(table, in: guest, joins: false), user: nil)
        for file in try files(in: folder, of: guest) where isName(file) {
            jobs += CronTable.jobs(try LogicalLines(file, in: guest, joins: false), user: nil)
        }
        for folder in userFolders {
            for file in try files(in: folder, of: guest) {
                let user = file.last?.description ?? ""
                jobs += CronTable.jobs(try LogicalLines(file, in: guest, joins: false), user: user)
            }
        }
        jobs += CronTable.anacron(try LogicalLines(anacronTable, in: guest, joins: false))
        for name in programFolders {
            for file in try files(in: try TreePath.root.appending("etc").appending(name), of: guest) where isName(file) {
                guard let node = try guest.resolvedNode(file), node.metadata.mode & 0o111 != 0 else { continue }
                jobs.append(
                    CronJob(schedule: name, user: "root", command: file.description, variables: [], place: LinePlace(file, 0)))
            }
        }
        return jobs
    }

    private static func files(in folder: TreePath, of guest: any TreeView) throws(Failure) -> [TreePath] {
        var files: [TreePath] = []
        for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] {
            let path = folder.appending(name)
            if try guest.resolvedNode(path)?.content != nil { files.append(path) }
        }
        return files
    }

    /// cron and run-parts pass over names with other characters: backups, files of a package that is half installed.
    private static func isName(_ path: TreePath) -> Bool {
        guard let name = path.last else { return false }
        return name.bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
        }
    }
}
