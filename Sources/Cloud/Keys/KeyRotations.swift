import Crypto
import Model
import Records
import SQLite

// Rotation: new material for what is encrypted from now on; what was encrypted before keeps its own.
extension EmbeddedActions {
    func keyRotation(_ text: String) throws(Failure) -> KeyRecord {
        try readKeys("look up a key's rotation") { session in
            let key = try key(text, session)
            try ask(.getKeyRotationStatus, of: key, session)
            return key
        }
    }

    func enableKeyRotation(_ text: String, days: Int) throws(Failure) {
        guard KeyRotationPeriod.days.contains(days) else {
            throw Failure(
                .kmsValidation(
                    """
                    1 validation error detected: Value '\(days)' at 'rotationPeriodInDays' failed to satisfy constraint: Member must \
                    have value between \(KeyRotationPeriod.days.lowerBound) and \(KeyRotationPeriod.days.upperBound)
                    """))
        }
        try change(text, by: .enableKeyRotation) { key, session in
            try Self.checkRotates(key)
            try session.run(
                "UPDATE kms_keys SET rotation_period = ?, rotation_next = ? WHERE id = ?", days, now + .days(Int64(days)), key.id)
        }
    }

    func disableKeyRotation(_ text: String) throws(Failure) {
        try change(text, by: .disableKeyRotation) { key, session in
            try Self.checkRotates(key)
            try session.run("UPDATE kms_keys SET rotation_period = NULL, rotation_next = NULL WHERE id = ?", key.id)
        }
    }

    func rotateKey(_ text: String) throws(Failure) -> KeyRecord {
        let key = try change(text, by: .rotateKeyOnDemand) { key, session in
            try Self.checkRotates(key)
            if try session.materials(of: key.id).count(where: \.isOnDemand) >= KeyRotationPeriod.mostOnDemand {
                throw Failure(
                    PlaneError(
                        .limitExceededException, "A key is rotated on demand at most \(KeyRotationPeriod.mostOnDemand) times."))
            }
            return key
        }
        try rotate(key, isOnDemand: true)
        return key
    }

    func keyRotations(_ text: String, includingFirst: Bool) throws(Failure) -> [KeyRotation] {
        try readKeys("list a key's rotations") { session in
            let key = try key(text, session)
            try ask(.listKeyRotations, of: key, session)
            try Self.checkIsSymmetric(key)
            return try session.materials(of: key.id).filter { includingFirst || $0.number > 1 }
        }
    }

    private static func checkIsSymmetric(_ key: KeyRecord) throws {
        if key.spec.family != .symmetric { throw Failure(.unsupported("\(key.arn) does not support key rotation.")) }
    }

    private static func checkRotates(_ key: KeyRecord) throws {
        try checkIsSymmetric(key)
        guard key.origin == .kms else {
            throw Failure(.unsupported("\(key.arn) origin is EXTERNAL which is not valid for this operation."))
        }
        guard !key.isReplica else { throw Failure(.unsupported("\(key.arn) is a replica key, which its primary key rotates.")) }
    }

    /// Relatives in other regions get the new material first, so that what is encrypted under it can be decrypted everywhere. Where a
    /// rotation was cut off there, its material is taken.
    func rotate(_ key: KeyRecord, isOnDemand: Bool) throws(Failure) {
        let number = key.material + 1
        let relatives = try replicas(of: key).map { (name) throws(Failure) in try inRegion(name) }
        var material: [UInt8]?
        for relative in relatives where material == nil { material = try relative.material(number, of: key.id) }
        let fresh: [UInt8]
        if let material { fresh = material } else { fresh = try region.random(AES256GCM.keySize) }
        for relative in relatives { try relative.addMaterial(fresh, number: number, of: key.id, isOnDemand: isOnDemand) }
        try addMaterial(fresh, number: number, of: key.id, isOnDemand: isOnDemand)
    }

    /// The same account in another region.
    func inRegion(_ name: RegionName) throws(Failure) -> EmbeddedActions {
        EmbeddedActions(plane: plane, region: try plane.open(name), principal: caller.principal, isDryRun: isDryRun)
    }

    private func material(_ number: Int, of id: KeyID) throws(Failure) -> [UInt8]? {
        let sealed = try region.database.read("look up the key \(id)") { try $0.material(number, of: id) }
        guard let sealed else { return nil }
        return try region.openMaterial(sealed, of: id, number: number)
    }

    private func addMaterial(_ material: [UInt8], number: Int, of id: KeyID, isOnDemand: Bool) throws(Failure) {
        let sealed = try region.seal(material, of: id, number: number)
        try region.database.write("rotate the key \(id)") { session in
            if try session.material(number, of: id) == nil {
                try session.enterMaterial(sealed, number: number, of: id, made: now, isOnDemand: isOnDemand)
            }
            try session.run(
                "UPDATE kms_keys SET rotation_next = ? + rotation_period * 86400 WHERE id = ? AND rotation_next <= ?", now, id,
                now)
        }
    }
}
