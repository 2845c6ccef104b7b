import Model

extension FieldReader {
    /// The field `launchPermission`, which may be missing, with Image Builder's words.
    ///
    ///     launchPermission: {userIds: ["222222222222"], userGroups: [all], organizationArns: […], organizationalUnitArns: […]}
    func launchPermissions() -> Set<LaunchPermission> {
        guard let fields = optionalMapping("launchPermission") else { return [] }
        defer { fields.finish() }
        var permissions: Set<LaunchPermission> = []
        let kinds: [(key: String, kind: LaunchPermission.Kind)] = [
            ("userIds", .account), ("userGroups", .group), ("organizationArns", .organization), ("organizationalUnitArns", .unit),
        ]
        for (key, kind) in kinds {
            for entry in fields.list(key) {
                guard let permission = entry.parsed({ (text) throws(Failure) in try LaunchPermission(kind, text) }) else {
                    continue
                }
                if !permissions.insert(permission).inserted { entry.report("\(entry.name) is listed twice") }
            }
        }
        return permissions
    }
}
