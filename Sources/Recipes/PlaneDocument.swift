import Model
import Text
import YAML

/// The plane of a workspace: its accounts, their organization, the regions and the limits. The document `ingot.yaml`, checked.
package enum PlaneDocument {
    /// Where it is looked for, in the working directory.
    package static let fileName = "ingot.yaml"

    /// Decodes the document. Throws all of its errors at once.
    package static func settings(_ bytes: [UInt8], file: String) throws(Failure) -> PlaneSettings {
        try DocumentDecoder.decode(bytes, file: file, as: "the plane") { fields in
            let organization = OrganizationReader.organization(fields)
            let accounts = AccountReader.accounts(fields, organization)
            let regions = RegionReader.regions(fields)
            let limits = ServiceLimits(fields)
            guard let accounts, !accounts.isEmpty else { return nil }
            return PlaneSettings(
                directory: AccountDirectory(accounts: accounts, organization: organization), regions: regions, limits: limits)
        }
    }
}

// MARK: - The organization

private enum OrganizationReader {
    static func organization(_ fields: FieldReader) -> Organization? {
        guard let fields = fields.optionalMapping("organization") else { return nil }
        defer { fields.finish() }
        let id = fields.required("id")?.parsed { (text) throws(Failure) in
            if OrganizationARN.isID(text) { return text }
            throw Failure(.invalid, "\"\(text)\" is not the id of an organization", hint: "write it like o-a1b2c3d4e5")
        }
        let account = fields.value("managementAccount", AccountID.self)
        guard let id, let account, let arn = try? OrganizationARN(managementAccount: account, id: id) else {
            _ = fields.list("units")
            return nil
        }
        return Organization(arn: arn, units: units(fields, of: arn))
    }

    private static func units(_ fields: FieldReader, of organization: OrganizationARN) -> [Organization.Unit] {
        var units: [Organization.Unit] = []
        for entry in fields.list("units") {
            guard let fields = entry.fields() else { continue }
            if let unit = unit(fields, of: organization, known: units) { units.append(unit) }
            fields.finish()
        }
        return units
    }

    private static func unit(
        _ fields: FieldReader, of organization: OrganizationARN, known: [Organization.Unit]
    ) -> Organization.Unit? {
        let name = fields.string("name")
        let arn = fields.required("id")?.parsed { (text) throws(Failure) in
            if UnitARN.isID(text) { return try UnitARN(organization: organization, id: text) }
            throw Failure(.invalid, "\"\(text)\" is not the id of a unit", hint: "write it like ou-ab12-cdef3456")
        }
        let parent = fields.optional("parent").map { $0.unit(among: known) }
        guard let name, let arn else { return nil }
        if known.contains(where: { $0.name == name }) { fields.report("there are two units '\(name)'", at: "name") }
        if known.contains(where: { $0.arn == arn }) { fields.report("there are two units \(arn.id)", at: "id") }
        return Organization.Unit(arn: arn, name: name, parent: parent ?? nil)
    }
}

extension ValueReader {
    /// A unit by its name. A unit's parent stands before it, so that there is no circle.
    fileprivate func unit(among units: [Organization.Unit]) -> UnitARN? {
        guard let text = string() else { return nil }
        if let unit = units.first(where: { $0.name == text }) { return unit.arn }
        return fail("there is no unit '\(text)' before this", hint: Suggestion.hint(for: text, among: units.map(\.name)))
    }
}

// MARK: - Accounts

private enum AccountReader {
    /// The word for the place right below the root of the organization.
    static let root = "root"

    static func accounts(_ fields: FieldReader, _ organization: Organization?) -> [Account]? {
        guard let entries = fields.required("accounts")?.list() else { return nil }
        var accounts: [Account] = []
        for entry in entries {
            guard let fields = entry.fields() else { continue }
            if let account = account(fields, organization, known: accounts) { accounts.append(account) }
            fields.finish()
        }
        if entries.isEmpty { fields.report("the plane has no account", at: "accounts", hint: "write at least one") }
        return accounts
    }

    private static func account(_ fields: FieldReader, _ organization: Organization?, known: [Account]) -> Account? {
        let id = fields.value("id", AccountID.self)
        let name = fields.string("name")
        let unit = fields.optional("unit")
        let alias = fields.optional("alias")?.oneOf(OwnerAlias.self)
        let subscriptions = fields.optional("subscriptions")?.strings().map { Set($0) }
        let place = unit.flatMap { Place($0, organization) }
        guard let id, let name else { return nil }
        if known.contains(where: { $0.id == id }) { fields.report("there are two accounts \(id)", at: "id") }
        if known.contains(where: { $0.name == name }) { fields.report("there are two accounts '\(name)'", at: "name") }
        return Account(
            id: id, name: name, isInOrganization: place != nil, unit: place?.unit, alias: alias,
            subscriptions: subscriptions)
    }
}

/// Where an account is in its organization.
private struct Place {
    /// Nil for right below the root.
    let unit: UnitARN?

    /// Nil where the word names neither a unit nor the root, which is reported.
    init?(_ value: ValueReader, _ organization: Organization?) {
        guard let organization else {
            value.report("there is no organization that has units")
            return nil
        }
        if value.node.text == AccountReader.root {
            unit = nil
        } else if let arn = value.unit(among: organization.units) {
            unit = arn
        } else {
            return nil
        }
    }
}

// MARK: - Regions and limits

private enum RegionReader {
    static func regions(_ fields: FieldReader) -> [RegionSettings] {
        var regions: [RegionSettings] = []
        for entry in fields.list("regions") {
            guard let fields = entry.fields() else { continue }
            defer { fields.finish() }
            let zones = zones(fields)
            guard let name = fields.required("name")?.region() else { continue }
            if regions.contains(where: { $0.name == name }) { fields.report("the region \(name) is listed twice", at: "name") }
            regions.append(RegionSettings(name: name, zones: zones))
        }
        return regions
    }

    private static func zones(_ fields: FieldReader) -> [String] {
        guard let value = fields.optional("zones"), let zones = value.strings() else { return RegionSettings.usualZones }
        let areLetters = zones.allSatisfy { $0.utf8.count == 1 && ("a"..."z").contains($0) }
        if zones.isEmpty || !areLetters || Set(zones).count != zones.count {
            value.report("the zones of a region are letters, each once", hint: "write them like [a, b, c]")
        }
        return zones
    }
}

extension ServiceLimits {
    fileprivate init(_ fields: FieldReader) {
        self.init()
        guard let fields = fields.optionalMapping("limits") else { return }
        let range = 0...10_000_000
        images = fields.optionalInteger("images", in: range) ?? images
        publicImages = fields.optionalInteger("publicImages", in: range) ?? publicImages
        launchPermissionsPerImage = fields.optionalInteger("launchPermissionsPerImage", in: range) ?? launchPermissionsPerImage
        snapshots = fields.optionalInteger("snapshots", in: range) ?? snapshots
        volumes = fields.optionalInteger("volumes", in: range) ?? volumes
        elasticAddresses = fields.optionalInteger("elasticAddresses", in: range) ?? elasticAddresses
        fields.finish()
    }
}
