/// The policy of a key: who may do what with it, under which conditions. `KeyPolicyReader` reads it.
package struct KeyPolicy: Hashable, Sendable {
    /// The document, byte for byte as it was given.
    package let text: String
    package let statements: [Statement]

    /// A statement of a policy. It counts where all of its parts are met.
    package struct Statement: Hashable, Sendable {
        package var allows: Bool
        package var principals: [Pattern]
        package var actions: ActionPatterns
        package var resources: [String]
        package var conditions: [PolicyCondition]

        /// Who is meant.
        package enum Pattern: Hashable, Sendable {
            case everyone
            /// Everybody in an account.
            case account(AccountID)
            /// A user or role, of which this plane has none.
            case arn(String)
            case service(String)
        }

        /// `Action`, or `NotAction`.
        package struct ActionPatterns: Hashable, Sendable {
            package var patterns: [String]
            package var isNegated: Bool

            /// `*` stands for any characters, `?` for one; case does not count.
            func include(_ operation: KeyOperation) -> Bool {
                let action = operation.action.lowercased()
                return patterns.contains { FilterPattern($0.lowercased()).matches(action) } != isNegated
            }
        }
    }

    /// Whether somebody may do something with the key.
    package enum Verdict: Hashable, Sendable {
        case allows
        /// A statement forbids it, which nothing overrides.
        case denies
        /// No statement speaks of it.
        case isSilent
    }

    package func verdict(on request: KeyRequest, key: KeyARN) -> Verdict {
        let speaking = statements.filter { $0.speaks(of: request, key: key) }
        // What a condition leaves open forbids, and does not allow.
        if speaking.contains(where: { !$0.allows && $0.outcome(of: request) != .unmet }) { return .denies }
        return speaking.contains { $0.allows && $0.outcome(of: request) == .met } ? .allows : .isSilent
    }
}

extension KeyPolicy.Statement {
    fileprivate func speaks(of request: KeyRequest, key: KeyARN) -> Bool {
        principals.contains { $0.includes(request.caller.principal) } && actions.include(request.operation)
            && resources.contains { FilterPattern($0).matches(key.description) }
    }

    fileprivate func outcome(of request: KeyRequest) -> PolicyCondition.Outcome {
        let outcomes = conditions.map { $0.outcome(of: request) }
        if outcomes.contains(.unmet) { return .unmet }
        return outcomes.contains(.unknown) ? .unknown : .met
    }
}

extension KeyPolicy.Statement.Pattern {
    fileprivate func includes(_ principal: Principal) -> Bool {
        switch (self, principal) {
        case (.everyone, _): true
        case (.account(let id), .account(let caller)): id == caller
        case (.service(let name), .service(let caller)): name == caller.description
        default: false
        }
    }
}

/// What is asked of a key, by whom, through whom.
package struct KeyRequest: Hashable, Sendable {
    package var operation: KeyOperation
    package var caller: Caller
    /// What the bytes are bound to.
    package var context: [String: String]
    /// The service that asks for the caller: `ec2.us-east-1.amazonaws.com`.
    package var service: String?
    /// Of CreateGrant: the service makes the grant for one of its resources.
    package var isGrantForAWSResource: Bool?

    package init(
        _ operation: KeyOperation, by caller: Caller, context: [String: String] = [:], through service: String? = nil,
        isGrantForAWSResource: Bool? = nil
    ) {
        self.operation = operation
        self.caller = caller
        self.context = context
        self.service = service
        self.isGrantForAWSResource = isGrantForAWSResource
    }

    /// What EC2 asks for an account, of a key that something of EBS is or will be encrypted under.
    package static func ofEC2(_ operation: KeyOperation, for caller: Caller, in region: RegionName) -> KeyRequest {
        KeyRequest(
            operation, by: caller, through: "ec2.\(region).amazonaws.com",
            isGrantForAWSResource: operation == .createGrant ? true : nil)
    }
}
