import ImageStore
import Model

/// An update from the fresh index to the proof that nothing is left to do.
package struct SystemUpdate {
    private let manager: any PackageManager
    private let selection: PackageSelection
    private let approve: (UpgradePlan) throws(Failure) -> Void
    private let print: (String) -> Void

    /// `approve` is asked before anything is changed.
    package init(
        _ manager: any PackageManager, _ selection: PackageSelection,
        approve: @escaping (UpgradePlan) throws(Failure) -> Void = { _ throws(Failure) in }, print: @escaping (String) -> Void
    ) {
        self.manager = manager
        self.selection = selection
        self.approve = approve
        self.print = print
    }

    /// What an update would do now. The editor's tree is used for it, and is not as it was afterwards.
    package func plan() throws(Failure) -> UpgradePlan {
        try manager.refreshIndex()
        return try manager.plan(selection)
    }

    /// The manager's caches are afterwards as they were, also where the update fails.
    package func run(in editor: TreeEditor) throws(Failure) {
        let caches = try KeptFolders(type(of: manager).caches, in: editor)
        let failure: Failure?
        do throws(Failure) {
            try update()
            failure = nil
        } catch { failure = error }
        try caches.restore(in: editor)
        if let failure { throw failure }
    }

    private func update() throws(Failure) {
        try tellUnknown()
        let plan = try plan()
        try approve(plan)
        if plan.changes.isEmpty { print("nothing to update") }
        for change in plan.changes { print("\(change.description)\(change.isSecurity ? " (security)" : "")") }
        try manager.apply(plan.changes)
        try checkNothingLeft()
    }

    private func tellUnknown() throws(Failure) {
        guard case .named(let names) = selection.wanted else { return }
        let installed = try manager.installed().map(\.name)
        for name in try PackageNames(names).unmatched(among: installed) {
            print("'\(name)' is not installed, so there is nothing to update")
        }
    }

    private func checkNothingLeft() throws(Failure) {
        let left = try manager.plan(selection)
        let held = Set(try manager.installed().filter(\.isHeld).map(\.name))
        var stuck = left.keptBack.filter { !held.contains($0) }
        if !stuck.isEmpty && !selection.exclude.isEmpty {
            // What is kept back only since it needs what is excluded was not asked for either.
            let unhindered = try manager.plan(PackageSelection(selection.wanted)).keptBack
            stuck = stuck.filter { unhindered.contains($0) }
        }
        let names = left.changes.map(\.description) + stuck
        guard names.isEmpty else {
            throw Failure(
                .failed, "still to be updated after the update: \(names.joined(separator: ", "))",
                hint: "exclude them, or change what keeps them back")
        }
        for name in left.keptBack { print("\(name) is kept back") }
    }
}
