/// A policy of Data Lifecycle Manager: which volumes or instances it is about, when it makes snapshots or images of them, and how long
/// those stay.
package struct LifecyclePolicy: Hashable, Sendable {
    package let id: LifecyclePolicyID
    package let owner: AccountID
    package var description: String
    /// Kept, and not enforced: a policy acts for its account.
    package var roleARN: String
    package var state: State
    /// What went wrong, in the state ERROR.
    package var statusMessage: String?
    package let created: Instant
    package var modified: Instant
    /// Since when its schedules count: nothing that was due at or before is made up for.
    package var effective: Instant
    package var details: PolicyDetails
    package var tags: TagSet
    /// When it was deleted, where it still deletes what it made: nobody sees it any more.
    package var deleted: Instant?

    package enum State: String, Sendable, Codable, CaseIterable {
        case enabled = "ENABLED"
        case disabled = "DISABLED"
        /// Its last run failed. It runs again when it is due; until a run succeeds, nothing that it made is deleted.
        case error = "ERROR"
    }

    package static let longestDescription = 500
    package static let longestStatusMessage = 500

    package init(
        id: LifecyclePolicyID, owner: AccountID, description: String, roleARN: String, state: State,
        statusMessage: String? = nil, created: Instant, modified: Instant, effective: Instant, details: PolicyDetails,
        tags: TagSet = TagSet()
    ) {
        self.id = id
        self.owner = owner
        self.description = description
        self.roleARN = roleARN
        self.state = state
        self.statusMessage = statusMessage
        self.created = created
        self.modified = modified
        self.effective = effective
        self.details = details
        self.tags = tags
    }

    /// Whether it makes something when it is due.
    package var isInForce: Bool { state != .disabled && deleted == nil }

    /// `arn:aws:dlm:us-east-1:111111111111:policy/policy-0abcdef1234567890`
    package func arn(in region: RegionName) -> String { ARN("dlm", in: region, of: owner, "policy/\(id)").description }
}

package enum LifecyclePolicyKind: ResourceKind {
    package static let prefix = "policy"
    package static let noun = "the id of a lifecycle policy"
}

/// `policy-0abcdef1234567890`
package typealias LifecyclePolicyID = ResourceID<LifecyclePolicyKind>

extension PlaneError {
    /// No known text.
    package static func notFound(policy id: String) -> PlaneError {
        PlaneError(.resourceNotFoundException, "The lifecycle policy \(id) does not exist.")
    }

    /// No known text.
    package static func missingRole(_ arn: String) -> PlaneError {
        .invalidPolicy("The role \(arn.prefix(300)) of ExecutionRoleArn does not exist.")
    }

    package static func invalidPolicy(_ message: String) -> PlaneError { PlaneError(.invalidRequestException, message) }
}
