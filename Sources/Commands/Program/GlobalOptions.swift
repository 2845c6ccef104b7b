import CommandLineKit

/// The options that every command accepts.
enum GlobalOptions {
    static let home = Option<String>(
        "home", value: "folder", "The workspace: the folder with all images and records", values: .directory, default: ".ingot",
        environment: "INGOT_HOME")
    /// `AWS_REGION` stands in for the variable where that is not set: `Ingot.variables`.
    static let region = Option<String?>(
        "region", value: "code", "The region to look in or to work in", values: .dynamic("region"), environment: "INGOT_REGION")
    static let quiet = Flag("quiet", short: "q", "Print results only: no progress, no remarks")
    static let noColor = Flag("no-color", "Print without colours and styles, as with NO_COLOR=1")
}

extension OutputFormat {
    /// The option of a command that prints one result.
    static let resultOption = Option<OutputFormat>(
        "output", short: "o", value: "format", "How the result is printed: table is text for people", default: .table)
}
