import Model

/// A document that Amazon publishes, and that every account has.
package struct AmazonDocument: Sendable {
    package let name: String
    /// JSON.
    package let content: String
    package let document: CommandDocument

    /// The owner that lists show.
    package static let owner = "Amazon"

    package static let all: [AmazonDocument] = [AmazonDocument(runShellScript, shellScript)].compactMap(\.self)

    package static let runShellScript = "AWS-RunShellScript"

    private init?(_ name: String, _ content: String) {
        guard let value = try? JSONReader.read(Array(content.utf8), what: name), let read = try? CommandDocumentReader.read(value)
        else { return nil }
        self.name = name
        self.content = content
        document = read
    }

    private static let shellScript = """
        {"schemaVersion":"2.2","description":"Runs lines as a shell script.","parameters":{"commands":{"type":\
        "StringList","description":"The lines of the script.","minItems":1,"displayType":"textarea"},\
        "workingDirectory":{"type":"String","default":"","description":"Where the script runs, an absolute path.",\
        "maxChars":4096},"executionTimeout":{"type":"String","default":"3600","description":"Seconds after which the script is ended, at most 172800.","allowedPattern":\
        "^[0-9]+$"}},"mainSteps":[{"action":"aws:runShellScript","name":"aws:runShellScript","inputs":{"runCommand":"{{ commands }}",\
        "workingDirectory":"{{ workingDirectory }}","timeoutSeconds":"{{ executionTimeout }}"}}]}
        """
}
