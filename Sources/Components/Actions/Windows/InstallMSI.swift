import Model

/// Installs a package of the Windows Installer. Documents with it are checked; it does not run.
package enum InstallMSI: Action {
    package static let name = "InstallMSI"
    package static let summary = "installs an MSI package (Windows; checked, not run)"
    package static let systems: Set<OperatingSystem> = [.windows]
    package static let inputs = InputForm.fields(MSIInputs.fields)
    package static let inputRules = MSIInputs.rules
    package static let outputs = MSIInputs.outputs

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        throw WindowsOnly.refuse(Self.self, because: MSIInputs.reason)
    }
}
