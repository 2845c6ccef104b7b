import Model
import Platform
import Records
import SQLite

// What happens to a volume after it was made.
extension EmbeddedActions {
    func attachVolume(_ id: VolumeID, to instance: InstanceID, device: String) throws(Failure) -> VolumeRecord {
        try settle()
        let attached = try write("attach \(id) to \(instance)") { session in
            let volume = try ownVolume(id, session)
            guard let machine = try session.instances(of: try account, only: instance).first else {
                throw Failure(.notFound(instances: [instance]))
            }
            guard volume.state == .available else {
                throw Failure(PlaneError(.volumeInUse, "\(id) is already attached to an instance"))
            }
            guard machine.state == .running || machine.state == .stopped else {
                throw Failure(PlaneError(.incorrectState, "Instance '\(instance)' is not 'running' or 'stopped'."))
            }
            guard volume.zone == machine.subnet.zone else {
                throw Failure(
                    PlaneError(
                        .invalidVolumeZoneMismatch,
                        "The volume '\(id)' is not in the same availability zone as instance '\(instance)'"))
            }
            guard !machine.volumes.contains(where: { $0.attachment?.device == device }) else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue,
                        "Invalid value '\(device)' for unixDevice. Attachment point \(device) is already in use"))
            }
            let products = try session.products(of: id.description)
            try ProductCode.refusal(toAttach: id, of: products, to: instance, in: machine.state, by: caller).check()
            try session.enter(products, of: instance.description)
            try session.run(
                """
                UPDATE ebs_volumes SET state = 'in-use', instance = ?, device = ?, attached = ?, delete_on_termination = 0
                WHERE id = ?
                """, instance, device, now, id)
            return try ownVolume(id, session)
        }
        plane.host?.attached(attached, to: instance, in: region.name)
        return attached
    }

    /// Instance and device are checked where they are named. What is returned is the volume as it was attached.
    func detachVolume(_ id: VolumeID, from instance: InstanceID?, device: String?) throws(Failure) -> VolumeRecord {
        try settle()
        let found = try region.database.read("look up the volume \(id)") { session in
            try attachedVolume(id, instance, device, session)
        }
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        let lock = try takeAway(found)
        do throws(Failure) {
            let disks = try storeDisks(of: [found], hasLock: true, moves)
            let detached = try write("detach \(id)") { session in
                let volume = try attachedVolume(id, instance, device, session)
                for disk in disks { try session.keep(disk) }
                if let instance = volume.attachment?.instance { try session.removeProducts(of: id, from: instance) }
                try session.run(
                    """
                    UPDATE ebs_volumes SET state = 'available', instance = NULL, device = NULL, attached = NULL,
                        delete_on_termination = 0 WHERE id = ?
                    """, id)
                return volume
            }
            region.removeDisk(of: id)
            _ = consume lock
            return detached
        } catch {
            // It is still attached, so it is a device again where it was one.
            if let instance = found.attachment?.instance { plane.host?.attached(found, to: instance, in: region.name) }
            throw error
        }
    }

    /// Takes a volume from the programs that have it as a device. Returns the lock of its instance where nothing runs there, so that nothing
    /// begins to before the volume is free.
    private func takeAway(_ volume: VolumeRecord) throws(Failure) -> FileLock? {
        guard let id = volume.attachment?.instance, region.hasRun(id), !isDryRun else { return nil }
        if let host = plane.host, host.holds(id, in: region.name) {
            try host.detach(volume, from: id, in: region.name)
            return nil
        }
        if let lock = try region.lock(id, patience: 0) { return lock }
        throw Self.inUse(volume.id, by: id)
    }

    /// A volume that may be detached.
    private func attachedVolume(
        _ id: VolumeID, _ instance: InstanceID?, _ device: String?, _ session: Session
    ) throws -> VolumeRecord {
        let volume = try ownVolume(id, session)
        guard let attachment = volume.attachment else {
            throw Failure(PlaneError(.incorrectState, "Volume '\(id)' is in the 'available' state."))
        }
        guard instance == nil || instance == attachment.instance, device == nil || device == attachment.device else {
            throw Failure(
                PlaneError(
                    .invalidAttachmentNotFound,
                    """
                    The volume '\(id)' is not attached to instance '\(instance ?? attachment.instance)' as device \
                    '\(device ?? attachment.device)'.
                    """))
        }
        let machine = try session.instances(of: try account, only: attachment.instance).first
        if let machine, machine.rootDeviceName == attachment.device, machine.state != .stopped {
            throw Failure(
                PlaneError(
                    .operationNotPermitted,
                    "Unable to detach root volume '\(attachment.device)' from instance '\(machine.id)'"))
        }
        return volume
    }

    func modifyVolume(_ id: VolumeID, _ change: VolumeChange) throws(Failure) -> VolumeModification {
        try write("change the volume \(id)") { session in
            let record = try ownVolume(id, session)
            let target = try record.volume.changed(by: change)
            let old = record.volume
            try session.run(
                """
                INSERT INTO volume_modifications (volume, started, size, type, iops, throughput) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (volume) DO UPDATE SET started = excluded.started, size = excluded.size, type = excluded.type,
                    iops = excluded.iops, throughput = excluded.throughput
                """, id, now, old.size, old.type.rawValue, old.iops, old.throughput)
            try session.run(
                "UPDATE ebs_volumes SET size = ?, type = ?, iops = ?, throughput = ? WHERE id = ?", target.size,
                target.type.rawValue, target.iops, target.throughput, id)
            return VolumeModification(volume: id, original: old, target: target, started: now)
        }
    }

    func volumeModifications() throws(Failure) -> [VolumeModification] {
        try read("list the changes of volumes in \(region.name)") { session in
            try session.modifications(of: try session.volumes("owner = ?", [try account]).map(\.volume))
        }
    }

    func setEnablesIO(_ isOn: Bool, of id: VolumeID) throws(Failure) {
        try write("change the volume \(id)") { session in
            _ = try ownVolume(id, session)
            try session.run("UPDATE ebs_volumes SET enables_io = ? WHERE id = ?", isOn, id)
        }
    }

    func enablesIO(_ id: VolumeID) throws(Failure) -> Bool {
        try read("look up the volume \(id)") { session in
            _ = try ownVolume(id, session)
            return try session.first("SELECT enables_io FROM ebs_volumes WHERE id = ?", id) { row in
                try row.bool("enables_io")
            } ?? false
        }
    }
}

extension Volume {
    /// As EBS changes it: what a new type does not have goes, what it needs gets its usual value.
    fileprivate func changed(by change: VolumeChange) throws(Failure) -> Volume {
        var volume = self
        volume.size = change.size ?? size
        volume.type = change.type ?? type
        guard volume.size >= size else {
            throw Failure(
                PlaneError(.invalidParameterValue, "New size cannot be smaller than existing size"))
        }
        let keeps = volume.type == type
        try VolumePerformance.refusal(
            type: volume.type, size: volume.size,
            iops: change.iops ?? (keeps ? (isProvisioned ? iops : nil) : VolumePerformance.iopsOfChange(to: volume.type)),
            throughput: change.throughput
        ).check()
        let usual =
            VolumePerformance.iopsOfChange(to: volume.type)
            ?? VolumePerformance.usualIOPS(volume.type, size: volume.size)
        volume.iops = change.iops ?? (keeps && volume.type != .gp2 ? iops ?? usual : usual)
        volume.throughput =
            change.throughput ?? (keeps ? throughput : nil) ?? VolumePerformance.usualThroughput(volume.type)
        return volume
    }

    private var isProvisioned: Bool { type == .io1 || type == .io2 || type == .gp3 }
}
