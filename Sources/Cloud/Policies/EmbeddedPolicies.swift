import Model
import Records
import SQLite

extension EmbeddedActions {
    /// As many as AWS lets an account have in a region.
    private static let mostPolicies = 100

    package func lifecyclePolicies() throws(Failure) -> [LifecyclePolicy] {
        try read("list the lifecycle policies") { try $0.lifecyclePolicies(of: try account) }
    }

    package func lifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure) -> LifecyclePolicy {
        try read("look up the lifecycle policy \(id)") { try own(id, $0) }
    }

    private func own(_ id: LifecyclePolicyID, _ session: Session) throws -> LifecyclePolicy {
        guard let policy = try session.lifecyclePolicies(of: try account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(policy: id.description))
        }
        return policy
    }

    package func createLifecyclePolicy(_ new: PolicyCreation) throws(Failure) -> LifecyclePolicyID {
        let policy = LifecyclePolicy(
            id: try region.newID(), owner: try account, description: new.description, roleARN: new.roleARN,
            state: new.isEnabled ? .enabled : .disabled, created: now, modified: now, effective: now,
            details: new.details.complete, tags: new.tags)
        try check(role: new.roleARN)
        try check(policy)
        return try write("make a lifecycle policy") { session in
            let known = try session.lifecyclePolicies(of: policy.owner)
            guard !policy.details.isDefault || !known.contains(where: { $0.isDefault(of: policy.details.resourceType) }) else {
                throw Failure(
                    PlaneError(
                        .limitExceededException,
                        "There is a default policy of the resource type in this Region already.", httpStatus: 429))
            }
            guard known.count < Self.mostPolicies else {
                throw Failure(
                    PlaneError(
                        .limitExceededException,
                        "You have reached your quota of \(Self.mostPolicies) lifecycle policies in this Region.", httpStatus: 429)
                )
            }
            try session.put(policy)
            return policy.id
        }
    }

    package func updateLifecyclePolicy(_ id: LifecyclePolicyID, _ change: PolicyChange) throws(Failure) {
        if let roleARN = change.roleARN { try check(role: roleARN) }
        try write("change the lifecycle policy \(id)") { session in
            var policy = try own(id, session)
            if let roleARN = change.roleARN { policy.roleARN = roleARN }
            if let description = change.description { policy.description = description }
            let wasDisabled = policy.state == .disabled
            if let isEnabled = change.isEnabled {
                policy.state = isEnabled ? .enabled : .disabled
                policy.statusMessage = nil
            }
            if let details = change.details {
                if let type = details.type, type != policy.details.type {
                    throw Failure(.invalidPolicy("The PolicyType of a policy cannot be changed."))
                }
                guard details.resourceType == nil || details.resourceType == policy.details.resourceType,
                    details.language == nil || details.language == policy.details.language
                else { throw Failure(.invalidPolicy("A default policy stays one, and of its resource type.")) }
                policy.details = policy.details.changed(by: details)
            }
            policy.modified = now
            // Times that passed while it was disabled, or that its old schedules did not have, are not made up for.
            if change.details != nil || wasDisabled && policy.state == .enabled { policy.effective = now }
            try check(policy)
            try session.put(policy)
        }
    }

    /// Roles are in another region, so this comes before the transaction. One that goes later is told by the run.
    private func check(role arn: String) throws(Failure) {
        guard let role = ARN(arn), role.service == "iam", role.region.isEmpty, role.name(of: "role") != nil else {
            throw Failure(.invalidPolicy("The ExecutionRoleArn must be the ARN of a role."))
        }
        let account = try account
        guard role.account == account.description else {
            throw Failure(
                .invalidPolicy("The role of ExecutionRoleArn must belong to the account: cross-account pass role is not allowed.")
            )
        }
        guard try plane.hasRole(arn, account: account) else { throw Failure(.missingRole(arn)) }
    }

    private func check(_ policy: LifecyclePolicy) throws(Failure) {
        guard PolicyText.isName(policy.description, longest: LifecyclePolicy.longestDescription) else {
            throw Failure(
                .invalidPolicy("The Description has up to 500 letters, digits, blanks, '_' and '-'."))
        }
        try policy.details.check(in: region.name, known: plane.settings.regionNames, at: now)
    }

    package func deleteLifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure) {
        try write("delete the lifecycle policy \(id)") { session in
            var policy = try own(id, session)
            try session.setTags(TagSet(), of: policy.id.description)
            guard policy.details.extendsDeletion else {
                try session.run("DELETE FROM lifecycle_policies WHERE id = ?", policy.id)
                return
            }
            policy.deleted = now
            policy.tags = TagSet()
            try session.put(policy)
        }
    }

    package func tagLifecyclePolicy(_ id: LifecyclePolicyID, with tags: TagSet) throws(Failure) {
        try changeTags(of: id) { old in
            do throws(Failure) { return try old.merging(tags) } catch { throw error.answered(.invalidRequestException) }
        }
    }

    package func untagLifecyclePolicy(_ id: LifecyclePolicyID, keys: [String]) throws(Failure) {
        try changeTags(of: id) { $0.removing(keys) }
    }

    private func changeTags(of id: LifecyclePolicyID, _ body: (TagSet) throws -> TagSet) throws(Failure) {
        try write("tag the lifecycle policy \(id)") { session in
            let policy = try own(id, session)
            try session.setTags(body(policy.tags), of: policy.id.description)
        }
    }
}

extension LifecyclePolicy {
    fileprivate func isDefault(of resource: PolicyDetails.ResourceType?) -> Bool {
        details.isDefault && details.resourceType == resource
    }
}

extension PolicyDetails {
    /// Each member that `change` has, in the place of the old one.
    fileprivate func changed(by change: PolicyDetails) -> PolicyDetails {
        var result = self
        if let types = change.resourceTypes { result.resourceTypes = types }
        if let locations = change.resourceLocations { result.resourceLocations = locations }
        if let tags = change.targetTags { result.targetTags = tags }
        if let schedules = change.schedules { result.schedules = schedules }
        if let parameters = change.parameters { result.parameters = parameters }
        if let interval = change.createInterval { result.createInterval = interval }
        if let interval = change.retainInterval { result.retainInterval = interval }
        if let copiesTags = change.copiesTags { result.copiesTags = copiesTags }
        if let targets = change.copyTargets { result.copyTargets = targets }
        if let extends = change.extendDeletion { result.extendDeletion = extends }
        if let exclusions = change.exclusions { result.exclusions = exclusions }
        return result
    }
}
