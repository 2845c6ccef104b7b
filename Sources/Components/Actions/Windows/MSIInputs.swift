/// The inputs of both MSI actions.
enum MSIInputs {
    static let fields = [
        InputField("path", .text, required: true, "package: a local path, s3://… or https://…"),
        InputField("reboot", .choice(["Allow", "Force", "Skip"]), "whether the installer may restart; Allow by default"),
        InputField("logOptions", .text, "msiexec's logging options; *VX by default"),
        InputField("logFile", .text, "where msiexec writes its log"),
        InputField("properties", .map, "properties of the package"),
        InputField("ignoreAuthenticodeSignatureErrors", .boolean, "whether a bad signature is let pass; false by default"),
        InputField("allowUnsignedInstaller", .boolean, "whether a package without signature is let pass; false by default"),
    ]
    /// `reboot` decides on these.
    static let rules = [InputRule.withoutKeys(["REBOOT", "REINSTALLMODE", "REINSTALL"], in: "properties")]
    static let outputs = ["logFile", "msiExitCode", "stdout"]
    static let reason = "it needs the Windows Installer, and the image is a Linux system"
}
