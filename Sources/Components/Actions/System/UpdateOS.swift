import Model

/// Updates the packages of the image by its own package manager, services left alone. Afterwards nothing is left of what was asked
/// for, and what was fetched for it is gone again.
package enum UpdateOS: Action {
    package static let name = "UpdateOS"
    package static let summary = "updates the image's packages"
    package static let systems: Set<OperatingSystem> = [.linux, .windows]
    package static let inputs = InputForm.fields([
        InputField("include", .list, "packages to update; all by default"),
        InputField("exclude", .list, "packages not to update"),
    ])
    package static let needs: Set<ActionNeed> = [.programs, .outside]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let include = try inputs.texts("include") ?? []
        let selection = PackageSelection(include.isEmpty ? .all : .named(include), exclude: try inputs.texts("exclude") ?? [])
        let programs = PackagePrograms(
            editor: context.editor, runner: context.programs, environment: context.environment, timeLeft: context.timeLeft,
            print: context.print)
        let manager = try PackageManagers.find(in: context.editor)
        try attempt("update the packages of the image by \(manager.name)") { () throws(Failure) in
            try SystemUpdate(manager.init(programs), selection, print: context.print).run(in: context.editor)
        }
        return ActionResult()
    }
}
