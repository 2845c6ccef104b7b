import Model

/// A document of Systems Manager of the type Command, as Run Command carries it out: of the schemas 2.0 and 2.2, with steps of the plugin
/// `aws:runShellScript`. `CommandDocumentReader` reads it, `DocumentValues` fills in its parameters.
package struct CommandDocument: Hashable, Sendable {
    package let schema: String
    package let description: String
    /// By name.
    package let parameters: [Parameter]
    package let steps: [Step]

    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let kind: Kind
        package let description: String
        /// Nil where a request must give one.
        package let usual: JSONValue?
        /// Empty for any.
        package let allowedValues: [JSONValue]
        /// Empty for any; in the dialect of RE2.
        package let allowedPattern: String
        /// Of a list.
        package let items: ClosedRange<Int>
        /// Of a text.
        package let characters: ClosedRange<Int>
    }

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case string = "String"
        case list = "StringList"
        case integer = "Integer"
        case boolean = "Boolean"
        case map = "StringMap"
        case maps = "MapList"
    }

    /// A step as it is written: what `inputs` holds may refer to parameters.
    package struct Step: Hashable, Sendable {
        package let name: String
        /// False where its precondition asks for another platform; it is passed over then.
        package let isForLinux: Bool
        package let lines: JSONValue
        package let folder: JSONValue
        package let timeout: JSONValue
        package let flow: StepFlow
    }
}

/// What comes after a step, by the inputs that all plugins have.
package struct StepFlow: Hashable, Sendable, Codable {
    /// `onFailure`: by default the next step runs.
    package var onFailure: OnFailure?
    /// `onSuccess: exit`.
    package var endsOnSuccess = false
    /// `finallyStep`: it runs also where a step before it ended the document.
    package var isFinal = false

    package enum OnFailure: String, Hashable, Sendable, Codable, CaseIterable {
        case exit
        /// The failure does not count.
        case successAndExit
    }
}

/// A step with the values of a request: one script.
package struct CommandStep: Hashable, Sendable, Codable {
    package var name: String
    package var script: CommandScript
    package var flow: StepFlow
    /// It is for another platform.
    package var isSkipped: Bool

    package init(_ name: String, _ script: CommandScript, flow: StepFlow = StepFlow(), isSkipped: Bool = false) {
        self.name = name
        self.script = script
        self.flow = flow
        self.isSkipped = isSkipped
    }
}
