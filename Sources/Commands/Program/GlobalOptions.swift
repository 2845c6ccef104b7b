import CommandLineKit

/// The options that every command accepts.
enum GlobalOptions {
    static let home = Option<String>(
        "home", value: "folder", "The workspace: the folder with all images and records", values: .directory, default: ".ingot",
        environment: "INGOT_HOME")
    /// `AWS_REGION` stands in for the variable where that is not set: `Ingot.variables`.
    static let region = Option<String?>(
        "region", value: "code", "The region to look in or to work in", values: .dynamic("region"), environment: "INGOT_REGION")
    static let config = Option<String?>(
        "config", value: "file", "The accounts, regions and limits; ingot.yaml in the working directory, if it is there",
        values: .file, environment: "INGOT_CONFIG")
    static let actor = Option<String?>(
        "as", value: "account", "The account that acts, by id or name; the first one otherwise", values: .dynamic("account"),
        environment: "INGOT_ACCOUNT")
    static let quiet = Flag("quiet", short: "q", "Print results only: no progress, no remarks")
    static let noColor = Flag("no-color", "Print without colours and styles, as with NO_COLOR=1")
}

extension OutputFormat {
    /// The option of a command that prints one result.
    static let resultOption = Option<OutputFormat>(
        "output", short: "o", value: "format", "How the result is printed: table is text for people", default: .table)
}
