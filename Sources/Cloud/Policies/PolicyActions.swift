import Model

/// Data Lifecycle Manager's actions, by its names. A scheduler carries policies out: see `PolicyRuns`.
package protocol PolicyActions: Sendable {
    /// The account's, the oldest first.
    func lifecyclePolicies() throws(Failure) -> [LifecyclePolicy]
    func lifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure) -> LifecyclePolicy
    func createLifecyclePolicy(_ new: PolicyCreation) throws(Failure) -> LifecyclePolicyID
    func updateLifecyclePolicy(_ id: LifecyclePolicyID, _ change: PolicyChange) throws(Failure)
    /// What it made stays, and nobody deletes it any more.
    func deleteLifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure)
    func tagLifecyclePolicy(_ id: LifecyclePolicyID, with tags: TagSet) throws(Failure)
    func untagLifecyclePolicy(_ id: LifecyclePolicyID, keys: [String]) throws(Failure)
}

/// CreateLifecyclePolicy.
package struct PolicyCreation: Sendable {
    package var roleARN: String
    package var description: String
    package var isEnabled: Bool
    package var details: PolicyDetails
    package var tags: TagSet

    package init(
        roleARN: String, description: String, isEnabled: Bool = true, details: PolicyDetails, tags: TagSet = TagSet()
    ) {
        self.roleARN = roleARN
        self.description = description
        self.isEnabled = isEnabled
        self.details = details
        self.tags = tags
    }
}

/// UpdateLifecyclePolicy: what is not nil.
package struct PolicyChange: Sendable {
    package var roleARN: String?
    package var description: String?
    package var isEnabled: Bool?
    package var details: PolicyDetails?

    package init(
        roleARN: String? = nil, description: String? = nil, isEnabled: Bool? = nil, details: PolicyDetails? = nil
    ) {
        self.roleARN = roleARN
        self.description = description
        self.isEnabled = isEnabled
        self.details = details
    }
}
