/// Whether an account's snapshots can be public in a region, by EC2's words.
package enum SnapshotPublicAccess: String, Hashable, Sendable, CaseIterable {
    /// None is, also where everyone was given the permission before.
    case blockAllSharing = "block-all-sharing"
    /// None becomes public.
    case blockNewSharing = "block-new-sharing"
    case unblocked
}
