import Model
import Platform
import Records
import SQLite

// What groups do by themselves. Every step looks at the group, does one thing, and notes it; a launch has a token of its own, so that a
// crash between the two leaves no instance that no group knows.
extension EmbeddedActions {
    /// Does all that is due. A dry run starts nothing.
    func advanceGroups() throws(Failure) {
        if isDryRun { return }
        let account = try account
        let names = try region.database.read("look for Auto Scaling groups") { try $0.groups(of: account).map(\.name) }
        if names.isEmpty { return }
        try settle()
        for name in names {
            // Each step changes the group, or is the last one.
            for _ in 0..<Self.mostSteps where try !step(name, account) { break }
        }
    }

    private static let mostSteps = 10_000

    private enum Step {
        case launch(TemplateChoice, mark: String?)
        case terminate(InstanceID, cause: String)
        case done
    }

    /// False where nothing is left to do.
    private func step(_ name: String, _ account: AccountID) throws(Failure) -> Bool {
        let next = try region.database.write("go on with the Auto Scaling group \(name)") { session in
            try decide(name, session, account)
        }
        switch next {
        case .done: return false
        case .terminate(let id, let cause):
            try terminate(id)
            try region.database.write("note the end of \(id)") { session in
                guard var group = try session.group(name, of: account) else { return }
                group.members.removeAll { $0.instance == id }
                try session.put(group, of: account)
                _ = try note("Terminating EC2 instance: \(id)", cause, name, session, account)
            }
            return true
        case .launch(let template, let mark): return try launch(template, mark, name, account)
        }
    }

    private func decide(_ name: String, _ session: Session, _ account: AccountID) throws -> Step {
        guard var group = try session.group(name, of: account) else { return .done }
        try lookAtMembers(of: &group, session, account)
        var refresh = try session.refreshes(of: name, account).first { $0.status.isActive }
        if refresh != nil, let move = refresh?.next(group, at: now), let refresh {
            if refresh.status == .successful && refresh.hasDesiredConfiguration { group.template = refresh.desired }
            try session.put(refresh, of: account)
            try session.put(group, of: account)
            switch move {
            case .launch: return .launch(refresh.wanted, mark: refresh.mark)
            case .terminate(let id): return .terminate(id, cause: "instance refresh \(refresh.id) replaces the instance")
            case .wait, .end: break
            }
            if refresh.status.isActive { return .done }
        }
        try session.put(group, of: account)
        if let sick = group.members.first(where: { !$0.isHealthy }) {
            return .terminate(sick.instance, cause: "an instance was taken out of service in response to a health check")
        }
        if group.members.count < group.size.desired { return .launch(group.template, mark: nil) }
        // The oldest go first; those that are protected stay.
        if group.members.count > group.size.desired, let first = group.members.first(where: { !$0.isProtected }) {
            return .terminate(
                first.instance, cause: "the group has more instances than its desired capacity of \(group.size.desired)")
        }
        return .done
    }

    /// An instance that does not run is not healthy; one that is gone is no member.
    private func lookAtMembers(of group: inout AutoScalingGroup, _ session: Session, _ account: AccountID) throws {
        let states = Dictionary(uniqueKeysWithValues: try session.instances(of: account).map { ($0.id, $0.state) })
        group.members.removeAll { states[$0.instance].map { $0 == .terminated || $0 == .shuttingDown } ?? true }
        for index in group.members.indices where states[group.members[index].instance] != .running {
            group.members[index].isHealthy = false
        }
    }

    func terminate(_ id: InstanceID) throws(Failure) {
        do throws(Failure) { _ = try change([id], .terminate) } catch {
            // Somebody else was faster.
            guard error.planeError?.code == .invalidInstanceIDNotFound else { throw error }
        }
    }

    // MARK: Launching

    private func launch(
        _ template: TemplateChoice, _ mark: String?, _ name: String, _ account: AccountID
    ) throws(Failure) -> Bool {
        let plan = try region.database.read("plan a launch of \(name)") { session in
            try session.group(name, of: account).map { group in
                let known = try self.template(.id(template.id), session)
                let number = LaunchTemplateSelector(template.version)?.number(in: known) ?? known.latestVersion
                return (group: group, version: try version(number, of: known, session))
            }
        }
        guard let (group, version) = plan else { return false }
        let subnet = group.emptiestSubnet
        do throws(Failure) {
            var launch = try Self.launch(version)
            if launch.image == nil { launch.image = try imageID(version.data["ImageId"]) }
            let place = try SubnetID(parsing: subnet)
            launch.subnet = place
            for index in launch.interfaces.indices { launch.interfaces[index].subnet = place }
            launch.clientToken = "auto-scaling \(name) \(group.created.seconds) \(group.launches)"
            for tag in group.tags where tag.isPropagated {
                launch.tags = try launch.tags.merging(TagSet([try Tag(key: tag.key, value: tag.value)]))
            }
            guard let made = try runInstances(launch).first else { return false }
            try enter(made, template, version.number, mark, subnet, name, account)
            return true
        } catch {
            // Whoever asks does not get the error; the group tells it, and tries again when it is looked at again.
            try noteFailure(error, mark, name, account)
            return false
        }
    }

    /// One instance as the version says; what RunInstances does not know is refused here too.
    private static func launch(_ version: LaunchTemplateVersion) throws(Failure) -> InstanceLaunch {
        let parameters = LaunchParameters(version.data)
        var launch = try InstanceLaunch(parameters, least: 1, most: 1)
        if let name = parameters.unread {
            throw Failure(PlaneError(.unknownParameter, "The parameter \(name.prefix(200)) is not recognized"))
        }
        launch.template = InstanceLaunch.Template(id: version.template, version: version.number)
        return launch
    }

    private func enter(
        _ made: InstanceRecord, _ template: TemplateChoice, _ version: Int, _ mark: String?, _ subnet: String, _ name: String,
        _ account: AccountID
    ) throws(Failure) {
        try region.database.write("note the instance \(made.id) of \(name)") { session in
            guard var group = try session.group(name, of: account), !group.members.contains(where: { $0.instance == made.id })
            else { return }
            group.launches += 1
            group.members.append(
                GroupMember(
                    instance: made.id, launched: now, template: template, version: version, type: made.type.name,
                    zone: made.subnet.zone, subnet: subnet, refresh: mark, isProtected: group.protectsNewInstances))
            try session.put(group, of: account)
            if var refresh = try session.refreshes(of: name, account).first(where: { $0.status.isActive }) {
                refresh.noteLaunch()
                try session.put(refresh, of: account)
            }
            _ = try note(
                "Launching a new EC2 instance: \(made.id)", "an instance was launched to reach the desired capacity", name,
                session,
                account)
        }
    }

    private func noteFailure(
        _ failure: Failure, _ mark: String?, _ name: String, _ account: AccountID
    ) throws(Failure) {
        let text = failure.planeError?.message ?? failure.message
        try region.database.write("note a launch of \(name) that failed") { session in
            if mark != nil, var refresh = try session.refreshes(of: name, account).first(where: { $0.status.isActive }) {
                refresh.noteFailure(text, at: now)
                try session.put(refresh, of: account)
            }
            guard var group = try session.group(name, of: account) else { return }
            // Another try is another request.
            group.launches += 1
            try session.put(group, of: account)
            _ = try note(
                "Launching a new EC2 instance.", "an instance was to be launched", name, session, account, failure: text)
        }
    }

    /// An id, or `resolve:ssm:` and the name of a parameter.
    private func imageID(_ text: String?) throws(Failure) -> ImageID? {
        guard let text, text.hasPrefix(InstanceLaunch.imageReference) else { return nil }
        let reference = try ParameterReference(parsing: String(text.dropFirst(InstanceLaunch.imageReference.count)))
        let store = region.parameters(of: try account)
        return try ImageID(parsing: try store.value(of: try store.parameter(reference)))
    }
}

extension AutoScalingGroup {
    /// The subnet with the fewest members.
    fileprivate var emptiestSubnet: String {
        let counts = Dictionary(grouping: members, by: \.subnet).mapValues(\.count)
        return subnets.min { counts[$0, default: 0] < counts[$1, default: 0] } ?? ""
    }
}
