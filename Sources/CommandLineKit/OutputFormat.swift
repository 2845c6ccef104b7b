/// How a list is printed.
package enum OutputFormat: String, ArgumentChoice {
    case table
    case json
    /// One identifier a line, for scripts.
    case quiet

    /// The option of every command that prints a list.
    package static let option = Option<OutputFormat>(
        "output", short: "o", value: "format", "How the list is printed", default: .table
    )
}
