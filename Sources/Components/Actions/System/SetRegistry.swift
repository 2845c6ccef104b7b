import Model

/// Sets values of the Windows registry. Documents with it are checked; it does not run.
package enum SetRegistry: Action {
    package static let name = "SetRegistry"
    package static let summary = "sets registry values (Windows; checked, not run)"
    package static let systems: Set<OperatingSystem> = [.windows]
    package static let inputs = InputForm.items([
        InputField(
            "path", .text, required: true, "key, such as HKLM:\\SOFTWARE\\Example; roots are HKCR, HKU, HKLM, HKCC and HKCU"),
        InputField("name", .text, required: true, "name of the value"),
        InputField("value", .textOrList, required: true, "what it is set to; a list for a type that holds several"),
        InputField(
            "type", .choice(["BINARY", "DWORD", "QWORD", "SZ", "EXPAND_SZ", "MULTI_SZ"]), required: true, "type of the value"),
    ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        throw WindowsOnly.refuse(Self.self, because: "it needs the Windows registry, and the image is a Linux system")
    }
}
