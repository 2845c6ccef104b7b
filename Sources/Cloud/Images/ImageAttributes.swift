import Model
import Records
import SQLite

// ModifyImageAttribute and its kin.
extension EmbeddedActions {
    func imageAttributes(_ id: ImageID) throws(Failure) -> ImageRecord {
        try read("look up the image \(id)") { session in
            let image = try existing(id, session)
            try image.access(isExcluded: false).refusal(toModify: caller).check()
            return image
        }
    }

    func setDescription(_ text: String, of id: ImageID) throws(Failure) {
        guard text.unicodeScalars.count <= Self.longestDescription else {
            throw Failure(
                PlaneError(.invalidParameterValue, "The description is longer than \(Self.longestDescription) characters."))
        }
        try change(id) { _, session in try session.run("UPDATE images SET description = ? WHERE id = ?", text, id) }
    }

    static let longestDescription = 255

    func requireIMDSv2(of id: ImageID) throws(Failure) {
        try change(id) { _, session in try session.run("UPDATE images SET imds = 1 WHERE id = ?", id) }
    }

    func addProductCodes(_ codes: [ProductCode], to id: ImageID) throws(Failure) {
        try change(id) { image, session in
            if image.isPublic { throw Failure(.productPublic(id)) }
            for code in codes { try session.enter(code, of: id) }
        }
    }

    func changeLaunchPermissions(
        of id: ImageID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>
    ) throws(Failure) {
        try change(id) { image, session in
            let new = added.subtracting(image.permissions)
            var access = image.access(isExcluded: false)
            access.snapshots = try session.snapshots(of: image).map { try self.access(to: $0, session) }
            try access.refusal(
                toShareWith: new, by: caller, whilePublicAccessIsBlocked: try isPublicAccessBlocked(session)
            ).check()
            let kept = image.permissions.subtracting(removed)
            let limits = plane.settings.limits
            try ServiceLimits.refusal(
                kept.count, adding: new.count, limit: limits.launchPermissionsPerImage, of: "launch permissions of an AMI"
            ).check()
            if new.contains(.everyone) {
                let count = try session.publicImages(of: image.owner)
                try ServiceLimits.refusal(count, limit: limits.publicImages, of: "public images").check()
            }
            for permission in removed { try session.remove(permission, of: id) }
            for permission in new.subtracting(removed) {
                try session.run(
                    "INSERT INTO launch_permissions VALUES (?, ?, ?)", id, permission.kind.rawValue, permission.grantee)
            }
        }
    }

    func resetLaunchPermissions(of id: ImageID) throws(Failure) {
        try change(id) { _, session in try session.run("DELETE FROM launch_permissions WHERE image = ?", id) }
    }

    func cancelLaunchPermission(on id: ImageID) throws(Failure) {
        try write("give back the permission on \(id)") { session in
            let own = LaunchPermission.account(try account)
            let image = try existing(id, session)
            guard image.access(isExcluded: false).isVisible(to: caller) else { throw Failure(.notFound(images: [id])) }
            guard image.permissions.contains(own) else {
                throw Failure(
                    PlaneError(.invalidParameterValue, "The image \(id) is not shared with the account \(try account) by name."))
            }
            try session.remove(own, of: id)
        }
    }

    /// Changes what only the owner of an available image may.
    func change(_ id: ImageID, _ body: (ImageRecord, Session) throws -> Void) throws(Failure) {
        try write("change the image \(id)") { session in
            let image = try existing(id, session)
            try image.access(isExcluded: false).refusal(toModifyAvailable: caller).check()
            try body(image, session)
        }
    }
}

extension Session {
    fileprivate func remove(_ permission: LaunchPermission, of id: ImageID) throws {
        try run(
            "DELETE FROM launch_permissions WHERE image = ? AND kind = ? AND grantee = ?", id, permission.kind.rawValue,
            permission.grantee)
    }

    fileprivate func publicImages(of owner: AccountID) throws -> Int {
        try first(
            """
            SELECT count(*) AS n FROM launch_permissions JOIN images ON images.id = image
            WHERE kind = 'group' AND grantee = 'all' AND owner = ? AND \(Catalogue.live)
            """, owner
        ) { row in try row.int("n") } ?? 0
    }
}
