import Model
import Records
import SQLite

extension EmbeddedActions {
    package func runInstances(_ launch: InstanceLaunch) throws(Failure) -> [InstanceRecord] {
        guard 1...Self.mostAtOnce ~= launch.least, launch.least...Self.mostAtOnce ~= launch.most else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    "Value (\(launch.most)) for parameter maxCount is invalid. It must be from minCount to \(Self.mostAtOnce)."))
        }
        guard let image = launch.image else { throw Failure(.missing("ImageId")) }
        let reservation: ReservationID = try region.newID()
        let setting = try allowedImages()
        let profile = try profile(of: launch)
        let contents = try contents(of: launch, image)
        defer { withExtendedLifetime(contents) {} }
        let made = try writeNetwork("launch instances of \(image)") { session, account in
            let known = try once("RunInstances", token: launch.clientToken, request: launch, session) {
                try self.launch(launch, try existing(image, session), setting, contents, profile, reservation, account, session)
                return reservation
            }
            return try session.instances(of: account).filter { $0.reservation == known }
        }
        try settle()
        plane.host?.started(made.map(\.id), in: region.name)
        return made
    }

    private static let mostAtOnce = 1000

    private func launch(
        _ launch: InstanceLaunch, _ image: ImageRecord, _ setting: AllowedImages, _ contents: LaunchContents,
        _ profile: InstanceRecord.Profile?, _ reservation: ReservationID, _ account: AccountID, _ session: Session
    ) throws {
        var failing: StateReason?
        var access = access(to: image, setting)
        access.snapshots = try session.snapshots(of: image).map { try self.access(to: $0, session) }
        switch access.launch(by: caller) {
        case .allowed: break
        case .refused(let error): throw Failure(error)
        case .failing(let reason): failing = reason
        }
        failing = failing ?? contents.failure
        let type = try Self.type(launch.type, for: image)
        let interfaces = try interfaces(of: launch, type, account, session)
        guard let subnet = interfaces.first?.subnet else { throw Failure(.missing("SubnetId")) }
        if let name = launch.keyName, try !session.keyPairs(of: account).contains(where: { $0.name == name }) {
            throw Failure(.notFound(keyPair: name))
        }
        var options = MetadataOptions(imageNeedsTokens: image.machine.needsIMDSv2)
        launch.metadata.apply(to: &options)
        if options.showsTags { try launch.tags.checkAsMetadata() }
        let devices = try devices(of: launch, image, session)
        if failing == nil { try contents.check(devices) }
        let tags = try launch.template.map { try launch.tags.merging($0.tags()) } ?? launch.tags
        for index in 0..<launch.most {
            var instance = InstanceRecord(
                id: try region.newID(), reservation: reservation, owner: account, image: image.id, state: .pending,
                stateReason: nil, changed: now, launched: now, index: index, type: type, architecture: image.architecture,
                subnet: subnet, interfaces: [], keyName: launch.keyName,
                clientToken: launch.clientToken, userData: launch.userData, rootDeviceName: image.rootDeviceName,
                isEBSOptimized: launch.isEBSOptimized, terminatesOnShutdown: launch.terminatesOnShutdown,
                isMonitored: launch.isMonitored, credits: launch.credits,
                isProtectedFromTermination: launch.isProtectedFromTermination,
                isProtectedFromStopping: launch.isProtectedFromStopping,
                metadata: options, profile: profile, volumes: [], tags: tags)
            // A disk that is gone with its machine is nothing to come back to.
            if image.machine.rootDevice == .instanceStore { instance.terminatesOnShutdown = true }
            instance.products = image.products
            try session.insert(instance, failing: failing)
            try place(interfaces, on: instance.id, tags: launch.interfaceTags, session)
            if failing != nil { continue }
            if image.machine.rootDevice == .instanceStore, let root = image.root {
                try session.run("INSERT INTO instance_stores VALUES (?, ?, ?)", instance.id, root, image.logicalSize)
            }
            for (mapping, content) in devices {
                var record = try volume(mapping, content, of: instance, tags: launch.volumeTags)
                record.volume.key = contents.places[mapping.deviceName]?.key
                record.volume.isEncrypted = record.volume.key != nil
                try session.enter(record)
                let isRoot = mapping.deviceName == image.rootDeviceName
                let codes =
                    try (content.map { try session.products(of: $0.id.description) } ?? []) + (isRoot ? image.products : [])
                try session.enter(codes, of: record.id.description)
                try session.enter(codes, of: instance.id.description)
                guard !isRoot, let content else { continue }
                if let disk = try session.disk(of: content.id) { try session.setDisk(disk, of: record.id) }
            }
        }
        if failing == nil { try session.run("UPDATE images SET launched = ? WHERE id = ?", now, image.id) }
    }

    /// The instance profile that the launch names, if it names one.
    private func profile(of launch: InstanceLaunch) throws(Failure) -> InstanceRecord.Profile? {
        guard let text = launch.profile else { return nil }
        let account = try account
        let name = ARN.isMeant(by: text) ? String(text.split(separator: "/").last ?? "") : text
        guard let found = try plane.role(ofProfile: name, account: account)?.profile,
            !ARN.isMeant(by: text) || found.arn(of: account) == text
        else { throw Failure(.invalid(profile: text)) }
        return InstanceRecord.Profile(arn: found.arn(of: account), id: found.id)
    }

    private static func type(_ name: String, for image: ImageRecord) throws -> InstanceType {
        guard let type = InstanceType.named(name) else {
            throw Failure(PlaneError(.invalidParameterValue, "Invalid value '\(name.prefix(60))' for InstanceType."))
        }
        guard type.architecture == image.architecture else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    """
                    The architecture '\(type.architecture.rawValue)' of the specified instance type does not match the architecture \
                    '\(image.architecture.rawValue)' of the specified AMI. Specify an instance type and an AMI that have matching \
                    architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the \
                    architecture of the instance type or AMI.
                    """))
        }
        return type
    }
}

// Volumes of new instances.
extension EmbeddedActions {
    /// The devices of the image as the launch changes them, each with what it holds.
    func devices(
        of launch: InstanceLaunch, _ image: ImageRecord, _ session: Session
    ) throws -> [(mapping: VolumeMapping, content: SnapshotRecord?)] {
        var mappings = image.volumes
        for request in launch.volumes {
            let place = mappings.firstIndex { $0.deviceName == request.device }
            if request.isLeftOut {
                if let place { mappings.remove(at: place) }
                continue
            }
            var mapping =
                place.map { mappings[$0] } ?? VolumeMapping(deviceName: request.device, volume: Volume(size: 0, type: .gp2))
            try Self.apply(request, to: &mapping)
            if let snapshot = request.snapshot { mapping.snapshot = snapshot }
            if let place { mappings[place] = mapping } else { mappings.append(mapping) }
        }
        return try mappings.map { mapping in
            var mapping = mapping
            let content = try mapping.snapshot.flatMap { try session.snapshot($0) }
            let isOfImage = image.volumes.contains { $0.snapshot != nil && $0.snapshot == mapping.snapshot }
            if let id = mapping.snapshot, !isOfImage { _ = try usableSnapshot(id, session) }
            if let content, mapping.volume.size == 0 { mapping.volume.size = content.volumeSize }
            if let content, mapping.volume.size < content.volumeSize {
                throw Failure(.smaller(mapping.volume.size, than: content.id, needing: content.volumeSize))
            }
            guard mapping.volume.size > 0 else { throw Failure(.missing("size or snapshotId")) }
            return (mapping, content)
        }
    }

    private static func apply(_ request: InstanceLaunch.DeviceRequest, to mapping: inout VolumeMapping) throws {
        if let size = request.size { mapping.volume.size = size }
        if let text = request.type {
            guard let type = VolumeType(rawValue: text) else {
                throw Failure(PlaneError(.invalidParameterValue, "Invalid value '\(text.prefix(60))' for VolumeType."))
            }
            mapping.volume.type = type
        }
        mapping.volume.iops = request.iops ?? mapping.volume.iops
        mapping.volume.throughput = request.throughput ?? mapping.volume.throughput
        if let isDeleted = request.isDeletedOnTermination { mapping.volume.isDeletedOnTermination = isDeleted }
    }

    private func volume(
        _ mapping: VolumeMapping, _ content: SnapshotRecord?, of instance: InstanceRecord, tags: TagSet
    ) throws(Failure) -> VolumeRecord {
        VolumeRecord(
            id: try region.newID(), owner: instance.owner, state: .inUse, zone: instance.subnet.zone, volume: mapping.volume,
            snapshot: mapping.snapshot, root: content?.root, logicalSize: content?.logicalSize ?? 0, created: now,
            attachment: VolumeRecord.Attachment(
                instance: instance.id, device: mapping.deviceName, attached: now,
                isDeletedOnTermination: mapping.volume.isDeletedOnTermination),
            tags: tags)
    }
}
