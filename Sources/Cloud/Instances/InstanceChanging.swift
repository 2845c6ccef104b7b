import Model
import Records
import SQLite

extension EmbeddedActions {
    package func instances(_ ids: [InstanceID]?) throws(Failure) -> [InstanceRecord] {
        try settle()
        let horizon = now - Self.memory
        let all = try readNetwork("list the instances of \(region.name)") { session, account in
            try session.instances(of: account, only: ids).filter { $0.state != .terminated || $0.changed > horizon }
        }
        guard let host = plane.host else { return all }
        return all.map { instance in
            var instance = instance
            if instance.state == .running, instance.publicAddress == nil {
                instance.publicAddress = host.address(of: instance.id, in: region.name)
            }
            return instance
        }
    }

    /// How long a terminated instance can still be seen.
    private static let memory = TimeSpan.hours(1)

    package func change(_ ids: [InstanceID], _ verb: InstanceVerb) throws(Failure) -> [InstanceChange] {
        try settle()
        let changes = try writeNetwork("\(verb.rawValue) instances") { session, account in
            let known = try session.instances(of: account)
            let missing = ids.filter { id in !known.contains { $0.id == id } }
            guard missing.isEmpty else { throw Failure(.notFound(instances: missing)) }
            return try ids.map { id in
                guard let instance = known.first(where: { $0.id == id }) else { throw Failure(.notFound(instances: [id])) }
                return try change(instance, verb, session)
            }
        }
        try settle(patience: Self.patience)
        // Programs end, and what they wrote becomes durable; what they work on is the same.
        if verb == .reboot, !isDryRun { for id in ids { try restart(id) } }
        let started = changes.filter { $0.current == .pending }.map(\.id)
        if !started.isEmpty { plane.host?.started(started, in: region.name) }
        return changes
    }

    private func change(_ instance: InstanceRecord, _ verb: InstanceVerb, _ session: Session) throws -> InstanceChange {
        let id = instance.id
        if instance.isInstanceStore && (verb == .stop || verb == .start) {
            throw Failure(.notEBS(id, verb == .stop ? "stopped" : "started"))
        }
        let next = try verb.apply(to: instance.state, of: id)
        let isProtected = verb == .terminate ? instance.isProtectedFromTermination : instance.isProtectedFromStopping
        if isProtected, next == .stopping || next == .shuttingDown {
            let attribute = verb == .terminate ? "disableApiTermination" : "disableApiStop"
            let word = verb == .terminate ? "terminated" : "stopped"
            throw Failure(
                PlaneError(
                    .operationNotPermitted,
                    "The instance '\(id)' may not be \(word). Modify its '\(attribute)' instance attribute and try again."))
        }
        guard let next else { return InstanceChange(id: id, previous: instance.state, current: instance.state) }
        let reason: StateReason? =
            next == .pending
            ? nil
            : StateReason(code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown")
        try session.move(id, to: next, reason, at: now)
        if next == .pending { try session.run("UPDATE instances SET launched = ? WHERE id = ?", now, id) }
        return InstanceChange(id: id, previous: instance.state, current: next)
    }

    package func modifyInstances(_ ids: [InstanceID], _ change: InstanceModification) throws(Failure) {
        try settle()
        try writeNetwork("change \(ids.map(\.description).joined(separator: ", "))") { session, account in
            for id in ids {
                guard let instance = try session.instances(of: account, only: id).first else {
                    throw Failure(.notFound(instances: [id]))
                }
                try modify(instance, change, account, session)
            }
        }
    }

    private func modify(
        _ instance: InstanceRecord, _ change: InstanceModification, _ account: AccountID, _ session: Session
    ) throws {
        let id = instance.id
        func set(_ column: String, _ value: any Bindable) throws {
            try session.run("UPDATE instances SET \(column) = ? WHERE id = ?", value, id)
        }
        switch change {
        case .type(let name):
            try Self.checkStopped(instance)
            guard let type = InstanceType.named(name), type.architecture == instance.architecture else {
                throw Failure(PlaneError(.invalidParameterValue, "Invalid value '\(name.prefix(60))' for InstanceType."))
            }
            try set("type", name)
        case .userData(let text):
            try Self.checkStopped(instance)
            try set("user_data", text)
        case .terminationProtection(let isOn): try set("termination_protected", isOn)
        case .stopProtection(let isOn): try set("stop_protected", isOn)
        case .terminatesOnShutdown(let isOn): try set("terminates", isOn)
        case .ebsOptimized(let isOn): try set("ebs_optimized", isOn)
        case .deletesOnTermination(let isOn, let device):
            guard let volume = instance.volumes.first(where: { $0.attachment?.device == device }) else {
                throw Failure(
                    PlaneError(.invalidInstanceAttribute, "No device is currently mapped at \(device.prefix(60))"))
            }
            try session.run("UPDATE ebs_volumes SET delete_on_termination = ? WHERE id = ?", isOn, volume.id)
        case .checksAddresses(let isOn):
            try session.run(
                "UPDATE network_interfaces SET source_check = ? WHERE instance = ? AND device = 0", isOn, id)
        case .groups(let groups):
            let words = Session.words(try interfaceGroups(groups, in: instance.subnet.vpc, session, account))
            try session.run("UPDATE network_interfaces SET groups = ? WHERE instance = ? AND device = 0", words, id)
        case .monitoring(let isOn): try set("monitored", isOn)
        case .credits(let credits):
            guard instance.type.isBurstable else {
                throw Failure(
                    PlaneError(
                        .invalidParameterCombination,
                        "The instance type \(instance.type.name) does not have CPU credits"))
            }
            try set("credits", credits.rawValue)
        }
    }

    package func modifyMetadataOptions(
        _ id: InstanceID, _ change: MetadataOptionsChange
    ) throws(Failure) -> MetadataOptions {
        try settle()
        return try writeNetwork("change the metadata options of \(id)") { session, account in
            guard let instance = try session.instances(of: account, only: id).first else {
                throw Failure(.notFound(instances: [id]))
            }
            guard instance.state == .running || instance.state == .stopped else {
                throw Failure(
                    PlaneError(
                        .incorrectInstanceState, "The instance '\(id)' is not in a state from which it can be modified."))
            }
            var options = instance.metadata
            change.apply(to: &options)
            if options.showsTags { try instance.tags.checkAsMetadata() }
            try session.setMetadataOptions(options, of: id)
            return options
        }
    }

    private static func checkStopped(_ instance: InstanceRecord) throws {
        guard instance.state == .stopped else {
            throw Failure(
                PlaneError(.incorrectInstanceState, "The instance '\(instance.id)' is not in the 'stopped' state."))
        }
    }

    package func createImage(of id: InstanceID, _ new: InstanceImage) throws(Failure) -> ImageID {
        try settle()
        var instance = try readOne(id)
        guard !instance.isInstanceStore else { throw Failure(.notEBS(id, "made into an image")) }
        guard instance.state == .running || instance.state == .stopped else {
            throw Failure(PlaneError(.invalidParameterValue, "Instance is not in state 'running' or 'stopped'"))
        }
        var missing: MissingWrites?
        if instance.state == .running, instance.rootVolume?.root != nil, !isDryRun {
            if new.isWithoutReboot {
                missing = try missingWrites(of: id)
            } else {
                try restart(id)
                instance = try readOne(id)
            }
        }
        guard let root = instance.rootVolume, let content = root.root else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue, "The instance '\(id)' has nothing on its root device \(instance.rootDeviceName)"))
        }
        let parent = try region.image(instance.image)
        var creation = ImageCreation(
            name: new.name, description: new.description, instance: id, launchedFrom: instance.image, root: content,
            logicalSize: root.logicalSize, architecture: instance.architecture, machine: parent.machine,
            rootDeviceName: instance.rootDeviceName, volumes: instance.volumes.compactMap(\.mapping),
            virtualDevices: parent.virtualDevices)
        creation.tags = new.tags
        creation.snapshotTags = new.snapshotTags
        creation.missing = missing
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        creation.data = try dataDisks(of: instance, moves)
        // A user's tags go first where there is no room for all.
        if let missing, let all = try? TagSet(Array(new.tags) + missing.tags()) { creation.tags = all }
        return try createImage(creation)
    }

    /// Looking is no dry run's end here: the action goes on.
    func readOne(_ id: InstanceID) throws(Failure) -> InstanceRecord {
        let account = try account
        let found = try region.database.read("look up the instance \(id)") { try $0.instances(of: account, only: id).first }
        guard let instance = found else { throw Failure(.notFound(instances: [id])) }
        return instance
    }
}

extension VolumeRecord {
    /// As an image of its instance has it; its snapshot is made with the image.
    fileprivate var mapping: VolumeMapping? {
        guard let attachment else { return nil }
        var volume = volume
        volume.isDeletedOnTermination = attachment.isDeletedOnTermination
        return VolumeMapping(deviceName: attachment.device, volume: volume, snapshot: nil)
    }
}

extension Session {
    fileprivate func move(_ id: InstanceID, to state: InstanceState, _ reason: StateReason?, at now: Instant) throws {
        try run(
            "UPDATE instances SET state = ?, reason_code = ?, reason = ?, changed = ? WHERE id = ?", state.rawValue,
            reason?.code, reason?.message, now, id)
    }

    /// - Parameter ids: those whose live trees nobody writes to.
    func settleInstances(_ ids: [InstanceID], at now: Instant) throws {
        let changing = try rows(
            "SELECT * FROM instances WHERE state IN ('pending', 'shutting-down', 'stopping') AND id IN (SELECT value FROM json_each(?))",
            Self.list(ids)
        ) { row in
            let state: InstanceState = try row.named("state")
            let failure = try row.textIfPresent("failure_code").map {
                StateReason(code: $0, message: try row.textIfPresent("failure") ?? "")
            }
            return (id: try row.parsed("id", as: InstanceID.self), state: state, failure: failure)
        }
        for (id, state, failure) in changing {
            if state == .pending, let failure {
                try move(id, to: .terminated, failure, at: now)
                try releaseInterfaces(of: id)
                continue
            }
            guard let next = state.next else { continue }
            if next != .running { try makeDurable(id) }
            try run("UPDATE instances SET state = ?, changed = ? WHERE id = ?", next.rawValue, now, id)
            if next == .terminated {
                try releaseVolumes(of: id)
                try releaseInterfaces(of: id)
            }
        }
    }

    /// Volumes that go with their instance are deleted, the others are free again.
    private func releaseVolumes(of id: InstanceID) throws {
        try run("DELETE FROM instance_stores WHERE instance = ?", id)
        for (_, volume) in try volumes("instance = ? AND delete_on_termination", [id]) {
            try setTags(TagSet(), of: volume.id.description)
            try run("DELETE FROM ebs_volumes WHERE id = ?", volume.id)
        }
        try run(
            "UPDATE ebs_volumes SET state = 'available', instance = NULL, device = NULL, attached = NULL WHERE instance = ?", id)
    }
}
