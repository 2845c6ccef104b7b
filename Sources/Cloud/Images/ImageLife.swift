import Model
import SQLite

// What happens to an image between its registration and its end.
extension EmbeddedActions {
    func enableDeprecation(of id: ImageID, at wanted: Instant) throws(Failure) {
        try changeOwn(id) { image, session in
            let time: Instant
            do throws(PlaneError) {
                time = try ImageDeprecation.time(wanted, now: now, created: image.created, isPublic: image.isPublic)
            } catch { throw Failure(error) }
            try session.run("UPDATE images SET deprecation = ? WHERE id = ?", time, id)
        }
    }

    func disableDeprecation(of id: ImageID) throws(Failure) {
        try changeOwn(id) { _, session in try session.run("UPDATE images SET deprecation = NULL WHERE id = ?", id) }
    }

    func disableImage(_ id: ImageID) throws(Failure) {
        try changeOwn(id) { image, session in
            if image.state == .disabled { return }
            guard image.state == .available else { throw Failure(.unavailable(id)) }
            try session.run("UPDATE images SET state = 'disabled' WHERE id = ?", id)
            try session.run("DELETE FROM launch_permissions WHERE image = ?", id)
        }
    }

    func enableImage(_ id: ImageID) throws(Failure) {
        try changeOwn(id) { image, session in
            if image.state == .available { return }
            guard image.state == .disabled else { throw Failure(.unavailable(id)) }
            for snapshot in try session.snapshots(of: image) { try snapshot.asOf(now).checkReadable() }
            try session.run("UPDATE images SET state = 'available' WHERE id = ?", id)
        }
    }

    func enableDeregistrationProtection(
        of id: ImageID, withCooldown: Bool
    ) throws(Failure) -> DeregistrationProtection {
        try protect(id) { $0.enabling(withCooldown: withCooldown) }
    }

    func disableDeregistrationProtection(of id: ImageID) throws(Failure) -> DeregistrationProtection {
        let now = now
        return try protect(id) { $0.disabling(at: now) }
    }

    private func protect(
        _ id: ImageID, _ change: (DeregistrationProtection) -> DeregistrationProtection
    ) throws(Failure) -> DeregistrationProtection {
        try changeOwn(id) { image, session in
            let next = change(image.protection)
            try session.run(
                "UPDATE images SET protection = ?, protected_until = ? WHERE id = ?", next.columns.word, next.columns.until, id)
            return next
        }
    }

    /// The name is that of an AMI in form; with the account before it, it is the key.
    func attachWatermark(_ name: String, to id: ImageID) throws(Failure) -> String {
        let key = "\(try account):\(try Self.name(name))"
        try change(id) { image, session in
            if image.isPublic {
                throw Failure(PlaneError(.operationNotPermitted, "A watermark can't be attached to the public image \(id)."))
            }
            if image.watermarks.contains(where: { $0.key == key }) { return }
            try ServiceLimits.refusal(image.watermarks.count, limit: Watermark.mostOfImage, of: "watermarks of an AMI").check()
            let source = ImageSource(region: region.name, image: id)
            try session.enter(Watermark(key: key, source: source, sourceCreated: image.created, attached: now), of: id)
        }
        return key
    }

    func detachWatermark(_ key: String, from id: ImageID) throws(Failure) {
        try changeOwn(id) { _, session in
            try session.run("DELETE FROM watermarks WHERE image = ? AND key = ?", id, key)
        }
    }

    /// Changes what the owner may change of an image in any state.
    @discardableResult
    private func changeOwn<T: Sendable>(_ id: ImageID, _ body: (ImageRecord, Session) throws -> T) throws(Failure) -> T {
        try write("change the image \(id)") { session in
            let image = try existing(id, session)
            try image.access(isExcluded: false).refusal(toModify: caller).check()
            return try body(image, session)
        }
    }
}
