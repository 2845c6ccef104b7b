import Model
import Records
import SQLite

extension EmbeddedActions {
    package func startRefresh(
        of name: String, desired: GroupTemplate?, _ preferences: InstanceRefresh.Preferences?
    ) throws(Failure) -> InstanceRefresh {
        try advanceGroups()
        let id = try region.newUUID()
        let started = try write("refresh the instances of \(name)") { session in
            let account = try account
            let group = try group(name, session, account)
            guard try !session.refreshes(of: name, account).contains(where: \.status.isActive) else {
                throw Failure(
                    PlaneError(
                        .instanceRefreshInProgress,
                        "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."))
            }
            var wanted = preferences ?? InstanceRefresh.Preferences()
            if preferences == nil {
                wanted.warmup = group.warmup ?? group.healthCheckGracePeriod
                wanted.health = group.maintenance ?? wanted.health
            }
            try wanted.refusal.check()
            let refresh = InstanceRefresh(
                id: id, group: group, preferences: wanted,
                desired: try numbered(try desired.map { try choice($0, session) } ?? group.template, session),
                previous: try numbered(group.template, session), hasDesiredConfiguration: desired != nil, at: now)
            if wanted.rollsBack && desired == nil {
                throw Failure(
                    PlaneError(
                        .validationError, "A desired configuration must be given for a refresh that is rolled back automatically."
                    ))
            }
            try session.put(refresh, of: account)
            return refresh
        }
        try advanceGroups()
        return started
    }

    /// With the number that its version is at this time.
    private func numbered(_ choice: TemplateChoice, _ session: Session) throws -> TemplateChoice {
        let known = try template(.id(choice.id), session)
        let number = LaunchTemplateSelector(choice.version)?.number(in: known) ?? known.latestVersion
        return TemplateChoice(id: choice.id, name: choice.name, version: String(number))
    }

    package func cancelRefresh(of name: String) throws(Failure) -> InstanceRefresh {
        try changeRefresh(of: name) { refresh, _ in refresh.cancel(at: now) }
    }

    package func rollBackRefresh(of name: String) throws(Failure) -> InstanceRefresh {
        let refresh = try changeRefresh(of: name) { refresh, group in
            try refresh.rollbackRefusal.check()
            refresh.rollBack(group, "Rolled back by its owner", at: now)
        }
        try advanceGroups()
        return refresh
    }

    package func instanceRefreshes(of name: String) throws(Failure) -> [InstanceRefresh] {
        try advanceGroups()
        return try read("list the instance refreshes of \(name)") { session in
            _ = try group(name, session, try account)
            return try session.refreshes(of: name, try account)
        }
    }

    private func changeRefresh(
        of name: String, _ body: (inout InstanceRefresh, AutoScalingGroup) throws -> Void
    ) throws(Failure) -> InstanceRefresh {
        try advanceGroups()
        return try write("change the instance refresh of \(name)") { session in
            let account = try account
            let group = try group(name, session, account)
            guard var refresh = try session.refreshes(of: name, account).first(where: { $0.status.isActive }) else {
                throw Failure(
                    PlaneError(
                        .activeInstanceRefreshNotFound,
                        "No in progress or pending Instance Refresh found for Auto Scaling group \(name)"))
            }
            try body(&refresh, group)
            try session.put(refresh, of: account)
            return refresh
        }
    }
}
