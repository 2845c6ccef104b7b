import Model
import Records
import SQLite

// Keys of several regions: the same id and the same material, each with its own policy, state and name. Which relatives there are is
// asked of the regions, so that no list can be wrong.
extension EmbeddedActions {
    /// The regions of a multi-Region key's replicas.
    func replicas(of key: KeyRecord) throws(Failure) -> [RegionName] {
        guard let primary = key.primary else { return [] }
        var found: [RegionName] = []
        for name in try plane.regions() where name != primary {
            let relative = try plane.open(name).database.read("look up the key \(key.id)") { try $0.key(key.id, in: name) }
            if let relative, relative.owner == key.owner { found.append(name) }
        }
        return found
    }

    func replicas(ofKey text: String) throws(Failure) -> [RegionName] {
        try replicas(of: try region.database.read("look up a key", { try key(text, $0) }))
    }

    func replicateKey(_ text: String, to place: RegionName, _ new: KeyCreation) throws(Failure) -> KeyDescription {
        guard plane.settings.regionNames.contains(place.description) else {
            throw Failure(.kmsValidation("The region \(place) is not valid."))
        }
        let key = try readKeys("look up a key") { session in
            let found = try self.key(text, session)
            try ask(.replicateKey, of: found, session)
            try checkIsPrimary(found)
            return found
        }
        if place == region.name { throw Failure(.kmsValidation("The replica must be in another region than its primary key.")) }
        _ = try plane.makeRegion(place)
        let target = try inRegion(place)
        var replica = key
        replica.arn = KeyARN(region: place, account: key.owner, id: key.id)
        replica.description = new.description
        replica.created = now
        replica.rotation = nil
        replica.policy = try policy(new.policy, of: replica.arn, skippingLockoutCheck: new.skipsLockoutCheck)
        // Imported material goes into each region by itself, and is the same everywhere.
        let isExternal = key.origin == .external
        if isExternal { replica.state = .pendingImport }
        let materials = isExternal ? [] : try materials(of: key)
        try target.enter(replica, materials, tags: new.tags)
        return KeyDescription(key: replica, replicas: try replicas(of: key))
    }

    private func checkIsPrimary(_ key: KeyRecord) throws(Failure) {
        guard key.primary == region.name else { throw Failure(.unsupported("\(key.arn) is not a multi-Region primary key.")) }
    }

    private struct Material: Sendable {
        let number: Int
        let bytes: [UInt8]
        let made: Instant
        let isOnDemand: Bool
    }

    private func materials(of key: KeyRecord) throws(Failure) -> [Material] {
        let rows = try region.database.read("look up the key \(key.id)") { session in
            try session.rows("SELECT * FROM kms_materials WHERE key = ? ORDER BY number", key.id) { row in
                Material(
                    number: try row.int("number"), bytes: try row.bytesIfPresent("sealed") ?? [], made: try row.instant("made"),
                    isOnDemand: try row.bool("on_demand"))
            }
        }
        return try rows.map { (row) throws(Failure) in
            let plain = try region.openMaterial(row.bytes, of: key.id, number: row.number)
            return Material(number: row.number, bytes: plain, made: row.made, isOnDemand: row.isOnDemand)
        }
    }

    private func enter(_ replica: KeyRecord, _ materials: [Material], tags: TagSet) throws(Failure) {
        let sealed = try materials.map { (material) throws(Failure) in
            (material, try region.seal(material.bytes, of: replica.id, number: material.number))
        }
        try writeKeys("replicate the key \(replica.id)") { session in
            if try session.key(replica.id, in: region.name) != nil {
                throw Failure(PlaneError(.alreadyExistsException, "\(replica.arn) already exists."))
            }
            try session.enter(replica, tags: tags)
            if let digest = replica.imported?.digest { try session.enterImport(digest, validTo: nil, of: replica.id) }
            for (material, bytes) in sealed {
                try session.enterMaterial(
                    bytes, number: material.number, of: replica.id, made: material.made, isOnDemand: material.isOnDemand)
            }
        }
    }

    func setPrimaryRegion(_ place: RegionName, ofKey text: String) throws(Failure) {
        let key = try readKeys("look up a key") { session in
            let found = try self.key(text, session)
            try ask(.updatePrimaryRegion, of: found, session)
            try checkIsPrimary(found)
            return found
        }
        let replicas = try replicas(of: key)
        guard replicas.contains(place) else {
            throw Failure(PlaneError(.kmsNotFoundException, "There is no replica of \(key.arn) in \(place)."))
        }
        // The new primary key first: what is cut off leaves one region with the old word, and asking again mends it.
        for name in [place] + replicas.filter({ $0 != place }) + [region.name] {
            try plane.open(name).database.write("move the primary key \(key.id)") { session in
                let isPrimary = name == place
                try session.run(
                    "UPDATE kms_keys SET primary_region = ?, rotation_period = ?, rotation_next = ? WHERE id = ?", place,
                    isPrimary ? key.rotation?.period : nil, isPrimary ? key.rotation?.next : nil, key.id)
            }
        }
    }
}
