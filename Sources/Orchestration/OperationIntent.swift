/// What recovery needs to finish or undo an operation; its effect is found by the operation's token.
struct OperationIntent: Codable {
    /// Who acts.
    var holder: String
    /// The build that an image is registered for.
    var build: Int64?
}
