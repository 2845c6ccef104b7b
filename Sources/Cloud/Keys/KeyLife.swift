import Model
import Records
import SQLite

// What happens to a key between its creation and its end.
extension EmbeddedActions {
    func setDescription(_ text: String, ofKey key: String) throws(Failure) {
        try change(key, by: .updateKeyDescription) { key, session in
            try session.run("UPDATE kms_keys SET description = ? WHERE id = ?", text, key.id)
        }
    }

    func enableKey(_ key: String) throws(Failure) {
        try change(key, by: .enableKey) { key, session in
            if key.state == .disabled { try session.setState(.enabled, of: key.id) }
        }
    }

    func disableKey(_ key: String) throws(Failure) {
        try change(key, by: .disableKey) { key, session in
            if key.state == .enabled { try session.setState(.disabled, of: key.id) }
        }
    }

    func scheduleKeyDeletion(_ text: String, days: Int) throws(Failure) -> KeyRecord {
        guard KeyDeletionWindow.days.contains(days) else {
            throw Failure(
                .kmsValidation(
                    """
                    1 validation error detected: Value '\(days)' at 'pendingWindowInDays' failed to satisfy constraint: Member must \
                    have value between \(KeyDeletionWindow.days.lowerBound) and \(KeyDeletionWindow.days.upperBound)
                    """))
        }
        // A primary key goes after its replicas.
        let hasReplicas = try !replicas(ofKey: text).isEmpty
        return try change(text, by: .scheduleKeyDeletion) { key, session in
            let waits = hasReplicas && !key.isReplica
            let date = waits ? nil : now + .days(Int64(days))
            try session.run(
                "UPDATE kms_keys SET state = ?, deletion = ?, deletion_window = ? WHERE id = ?",
                (waits ? KeyState.pendingReplicaDeletion : .pendingDeletion).rawValue, date, days, key.id)
            return try existing(key.id, session)
        }
    }

    func cancelKeyDeletion(_ text: String) throws(Failure) -> KeyRecord {
        try change(text, by: .cancelKeyDeletion) { key, session in
            try session.run(
                "UPDATE kms_keys SET state = ?, deletion = NULL, deletion_window = NULL WHERE id = ?",
                (key.material == 0 ? KeyState.pendingImport : .disabled).rawValue, key.id)
            return try existing(key.id, session)
        }
    }

    func setPolicy(_ document: String, ofKey text: String, skippingLockoutCheck: Bool) throws(Failure) {
        try change(text, by: .putKeyPolicy) { key, session in
            let policy = try policy(document, of: key.arn, skippingLockoutCheck: skippingLockoutCheck)
            try session.run("UPDATE kms_keys SET policy = ? WHERE id = ?", policy.text, key.id)
        }
    }

    func addTags(_ tags: TagSet, toKey text: String) throws(Failure) {
        try change(text, by: .tagResource) { key, session in
            guard let merged = try? session.tags(ofKey: key.id).merging(tags) else {
                throw Failure(PlaneError(.limitExceededException, "A key has at most 50 tags."))
            }
            try session.setTags(merged, ofKey: key.id)
        }
    }

    func removeTags(_ names: [String], fromKey text: String) throws(Failure) {
        try change(text, by: .untagResource) { key, session in
            try session.setTags(session.tags(ofKey: key.id).removing(names), ofKey: key.id)
        }
    }

    /// Changes a key that the caller may change in this way.
    @discardableResult
    func change<T: Sendable>(
        _ text: String, by operation: KeyOperation, _ body: (KeyRecord, Session) throws -> T
    ) throws(Failure) -> T {
        try writeKeys("change a key of \(region.name)") { session in
            let key = try key(text, session)
            try ask(toChange: key, by: operation, session)
            return try body(key, session)
        }
    }

    func existing(_ id: KeyID, _ session: Session) throws -> KeyRecord {
        guard let key = try session.key(id, in: region.name) else { throw Failure(.bug, "the key \(id) is gone") }
        return key
    }
}

extension Session {
    func setState(_ state: KeyState, of id: KeyID) throws {
        try run("UPDATE kms_keys SET state = ? WHERE id = ?", state.rawValue, id)
    }
}

// What time does to keys: it is done when somebody comes.
extension EmbeddedActions {
    /// Destroys keys and imported material whose time has come, gives other keys new material, and lets a primary key go on whose replicas are gone.
    func settleKeys() throws(Failure) {
        try settleImports()
        let due = try region.database.read("look for keys that are due") { session in
            try session.keys(
                "(state = 'PendingDeletion' AND deletion <= ?) OR (state = 'Enabled' AND rotation_next <= ?) OR state = 'PendingReplicaDeletion'",
                [now, now], in: region.name)
        }
        for key in due {
            switch key.state {
            case .pendingDeletion: try destroy(key)
            case .pendingReplicaDeletion: if try replicas(of: key).isEmpty { try beginDeletion(key) }
            default: if !key.isReplica { try rotate(key, isOnDemand: false) }
            }
        }
    }

    private func destroy(_ key: KeyRecord) throws(Failure) {
        try region.database.write("destroy the key \(key.id)") { session in
            try session.run(
                "DELETE FROM kms_keys WHERE id = ? AND state = 'PendingDeletion' AND deletion <= ?", key.id, now)
        }
    }

    private func beginDeletion(_ key: KeyRecord) throws(Failure) {
        let date = now + .days(Int64(key.deletionWindow ?? KeyDeletionWindow.usual))
        try region.database.write("let the key \(key.id) go") { session in
            try session.run(
                "UPDATE kms_keys SET state = 'PendingDeletion', deletion = ? WHERE id = ? AND state = 'PendingReplicaDeletion'",
                date, key.id)
        }
    }
}
