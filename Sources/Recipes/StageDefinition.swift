/// One option of a stage, for help.
package struct OptionHelp: Hashable, Sendable {
    package var name: String
    package var description: String

    package init(_ name: String, _ description: String) {
        self.name = name
        self.description = description
    }
}

/// What a recipe says about one stage, decoded and checked. A stage is one type that conforms to this.
package protocol StageDefinition: Sendable {
    /// As recipes write it: `patch`.
    static var name: String { get }
    /// One line of help.
    static var summary: String { get }
    static var options: [OptionHelp] { get }
    /// Raised whenever the same definition gives another result than before, so that old checkpoints no longer count.
    static var revision: Int { get }
    /// What the stage works on.
    static var subject: StageSubject { get }

    /// Reads the stage's value. What is wrong is reported through the reader; nil, or anything, is returned then: a document with a
    /// reported error is refused.
    init?(from reader: StageReader)
}

extension StageDefinition {
    package static var subject: StageSubject { .tree }
}

/// What a stage works on.
package enum StageSubject: Sendable {
    /// The tree that becomes the image. The stage's result is the next tree.
    case tree
    /// A fresh instance of the sealed image. What the stage changes there is thrown away; its failure fails the image.
    case sealedImage
}

/// One entry of a recipe's stage list.
package struct StageEntry: Sendable {
    /// Unique in the recipe: `patch`, then `patch-2`, `patch-3` where the stage comes again.
    package var name: String
    /// From 0.
    package var position: Int
    package var stage: any StageDefinition
    /// The entry's value, as it is written in the recipe.
    package var definition: CanonicalValue

    package init(name: String, position: Int, stage: any StageDefinition, definition: CanonicalValue) {
        self.name = name
        self.position = position
        self.stage = stage
        self.definition = definition
    }
}
