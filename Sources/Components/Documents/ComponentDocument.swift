import Crypto
import Model
import YAML

/// A component document that was read and checked. Templates in it are not rendered.
package struct ComponentDocument: Sendable {
    /// The document's `name`, or else the name of its file without the ending.
    package var name: String
    package var description: String
    /// As the user named it.
    package var file: String
    /// The digest of the document's bytes.
    package var digest: Digest
    package var parameters: [ComponentParameter]
    package var constants: [ComponentConstant]
    package var phases: [ComponentPhase]
}

/// A value that a caller may give.
package struct ComponentParameter: Sendable, Hashable {
    package var name: String
    /// Nil where the caller must give a value.
    package var defaultValue: String?
    package var description: String
}

/// A value that nobody can change.
package struct ComponentConstant: Sendable, Hashable {
    package var name: String
    package var value: String
}

package struct ComponentPhase: Sendable {
    package var name: String
    package var steps: [ComponentStep]
}

/// One call of an action.
package struct ComponentStep: Sendable {
    package var name: String
    package var action: any Action.Type
    package var condition: StepCondition?
    package var loop: StepLoop?
    /// Seconds for each attempt; nil for no limit.
    package var timeoutSeconds: Int?
    package var onFailure: FailurePolicy
    package var maxAttempts: Int
    package var inputs: StepInputs
    /// Whether what the step prints is kept out of the console log.
    package var disableLogging: Bool
    package var mark: Mark
}

/// What follows when all attempts of a step have failed.
package enum FailurePolicy: String, Sendable, CaseIterable {
    /// Nothing else runs.
    case abort = "Abort"
    /// The remaining steps run, and the document fails.
    case proceed = "Continue"
    /// The remaining steps run, and the document succeeds.
    case ignore = "Ignore"
}

/// The `if` of a step.
package struct StepCondition: Sendable {
    /// What is done with the step.
    package enum Directive: String, Sendable, CaseIterable {
        case abort = "Abort"
        case execute = "Execute"
        case skip = "Skip"
    }

    package var condition: ConditionTemplate
    package var then: Directive
    package var otherwise: Directive
}

/// The `loop` of a step.
package struct StepLoop: Sendable {
    package enum Kind: Sendable {
        /// `end` is included; `step` is not 0 and leads from `start` to `end`.
        case counter(start: Int, end: Int, step: Int)
        case items([TextTemplate])
        case delimited(TextTemplate, delimiter: Character)
    }

    package var name: String?
    package var kind: Kind
}

/// The `inputs` of a step.
package struct StepInputs: Sendable {
    /// One value, with templates in its texts.
    package indirect enum Value: Sendable, Hashable {
        case text(TextTemplate)
        case list([Value])
        case map([Field])
    }

    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: Value
    }

    /// The entries; an action whose inputs are no list has one.
    package var items: [[Field]]
    /// The comparison of an action that takes one.
    package var condition: ConditionTemplate?
}

extension StepInputs.Value {
    /// All texts in it.
    package var templates: [TextTemplate] {
        switch self {
        case .text(let template): [template]
        case .list(let values): values.flatMap(\.templates)
        case .map(let fields): fields.flatMap(\.value.templates)
        }
    }
}

extension StepInputs {
    /// All texts in it.
    package var templates: [TextTemplate] { items.flatMap { $0.flatMap(\.value.templates) } + (condition?.operands ?? []) }
}

extension ComponentDocument {
    /// The limits of documents.
    package enum Limits {
        /// Bytes of one document: Image Builder's quota.
        package static let bytes = 64 << 10
        /// How deep `and`, `or` and `not` may stand in each other.
        package static let conditionDepth = 4
        /// How many documents may call each other, the first one counted.
        package static let documentDepth = 4
        /// Bytes of one output that later steps may refer to. What programs print beyond it is only logged.
        package static let output = 1 << 20
        /// Bytes of all inputs of one entry of a step, once their references are replaced. Without it a few short steps that each refer
        /// to the one before twice would fill the memory.
        package static let inputs = 4 << 20
        /// How often one run may start its machine anew: the default limit of SSM for retries of a command.
        package static let reboots = 15
    }
}
