/// The name of an organization: `arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5`.
package struct OrganizationARN: TextValue, Comparable {
    package let description: String
    /// `o-a1b2c3d4e5`
    package let id: String
    package let managementAccount: AccountID

    package init(parsing text: String) throws(Failure) {
        guard let arn = ARN(text), arn.isOf("organizations"), arn.region.isEmpty, let account = arn.accountID,
            let id = arn.name(of: "organization"), Self.isID(id)
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not the ARN of an organization",
                hint: "write it like arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5")
        }
        description = text
        self.id = id
        managementAccount = account
    }

    package init(managementAccount: AccountID, id: String) throws(Failure) {
        try self.init(parsing: ARN("organizations", of: managementAccount, "organization/\(id)").description)
    }

    /// `o-` and 10 to 32 lower-case letters and digits.
    package static func isID(_ text: some StringProtocol) -> Bool {
        text.hasPrefix("o-") && (10...32).contains(text.utf8.count - 2) && text.dropFirst(2).isLowerCaseLettersAndDigits
    }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}

/// The name of an organizational unit: `arn:aws:organizations::111111111111:ou/o-a1b2c3d4e5/ou-ab12-cdef3456`.
package struct UnitARN: TextValue, Comparable {
    package let description: String
    /// `ou-ab12-cdef3456`
    package let id: String
    package let organization: String

    package init(parsing text: String) throws(Failure) {
        let arn = ARN(text)
        let ids = arn?.name(of: "ou")?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard let arn, arn.isOf("organizations"), arn.region.isEmpty, arn.accountID != nil, ids.count == 2,
            OrganizationARN.isID(ids[0]), Self.isID(ids[1])
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not the ARN of an organizational unit",
                hint: "write it like arn:aws:organizations::111111111111:ou/o-a1b2c3d4e5/ou-ab12-cdef3456")
        }
        description = text
        id = String(ids[1])
        organization = String(ids[0])
    }

    package init(organization: OrganizationARN, id: String) throws(Failure) {
        let account = organization.managementAccount
        try self.init(parsing: ARN("organizations", of: account, "ou/\(organization.id)/\(id)").description)
    }

    /// `ou-`, 4 to 32 lower-case letters and digits, `-`, and 8 to 32 more.
    package static func isID(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "ou" && (4...32).contains(parts[1].utf8.count)
            && (8...32).contains(parts[2].utf8.count) && parts[1].isLowerCaseLettersAndDigits
            && parts[2].isLowerCaseLettersAndDigits
    }

    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}

extension StringProtocol {
    fileprivate var isLowerCaseLettersAndDigits: Bool {
        utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
    }
}
