import ImageStore
import Model

/// What cron, anacron and at start.
struct CronChanges: SemanticCategory {
    static let name = "cron"
    static let title = "Scheduled jobs"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        var inputs = [CronJobs.table, CronJobs.folder, CronJobs.anacronTable] + CronJobs.userFolders + AtJob.folders
        for name in CronJobs.programFolders { inputs.append(try TreePath.root.appending("etc").appending(name)) }
        return inputs
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            try CronJobs.all(in: view).map(\.text)
                + AtJob.all(in: view).map { "at job \($0.number) of uid \($0.uid), \($0.path.escaped)" }
        }
        var changes = compare(old, new, matters: true)
        for source in sources where source.kind == .modified {
            let isProgram = CronJobs.programFolders.contains { source.path.parent.last?.description == $0 }
            if isProgram { changes.append(change(source.path.escaped, "", "", note: "another program", matters: true)) }
        }
        return changes
    }
}
