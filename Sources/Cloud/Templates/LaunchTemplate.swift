import Model

/// A launch template: what to launch, in numbered versions.
package struct LaunchTemplate: Hashable, Sendable {
    package let id: LaunchTemplateID
    package let owner: AccountID
    package let name: String
    package let created: Instant
    package let defaultVersion: Int
    package let latestVersion: Int
    package var tags: TagSet
}

/// One version of a template. Its data never changes.
package struct LaunchTemplateVersion: Hashable, Sendable {
    package let template: LaunchTemplateID
    package let name: String
    package let number: Int
    package let description: String?
    package let created: Instant
    package let isDefault: Bool
    /// The parameters of RunInstances, by their full names: `Placement.AvailabilityZone`, `SecurityGroupId.1`.
    package let data: [String: String]
}

/// Which template is meant: by its id or by its name.
package enum LaunchTemplateReference: Hashable, Sendable, Encodable {
    case id(LaunchTemplateID)
    case name(String)

    /// EC2's bounds on names.
    package static func isName(_ text: String) -> Bool {
        3...128 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-()./_".utf8.contains(byte)
                }
            }
    }
}

/// Which version of a template is meant.
package enum LaunchTemplateSelector: Hashable, Sendable {
    case number(Int)
    /// `$Default`
    case standard
    /// `$Latest`
    case latest

    package init?(_ text: String) {
        switch text {
        case "$Default": self = .standard
        case "$Latest": self = .latest
        default:
            guard let number = Int(text), number > 0 else { return nil }
            self = .number(number)
        }
    }

    /// Of a template as it is now.
    package func number(in template: LaunchTemplate) -> Int {
        switch self {
        case .number(let number): number
        case .standard: template.defaultVersion
        case .latest: template.latestVersion
        }
    }
}

/// EC2's actions on launch templates.
package protocol LaunchTemplateActions: Sendable {
    func launchTemplates() throws(Failure) -> [LaunchTemplate]
    /// Oldest first; nil for those of all templates.
    func launchTemplateVersions(_ template: LaunchTemplateReference?) throws(Failure) -> [LaunchTemplateVersion]
    func createLaunchTemplate(_ new: LaunchTemplateCreation) throws(Failure) -> LaunchTemplate
    /// With a source its data is the new one's where that has nothing of its own.
    func createVersion(
        of template: LaunchTemplateReference, from source: LaunchTemplateSelector?, description: String?, data: [String: String]
    ) throws(Failure) -> LaunchTemplateVersion
    func setDefaultVersion(
        _ version: LaunchTemplateSelector, of template: LaunchTemplateReference
    ) throws(Failure) -> LaunchTemplate
    func deleteLaunchTemplate(_ template: LaunchTemplateReference) throws(Failure) -> LaunchTemplate
    /// The versions that were there and are gone, and those that were not there. The default one is kept.
    func deleteVersions(
        _ numbers: [Int], of template: LaunchTemplateReference
    ) throws(Failure) -> (template: LaunchTemplate, gone: [Int], missing: [Int])
}

/// CreateLaunchTemplate.
package struct LaunchTemplateCreation: Sendable, Encodable {
    package var name: String
    package var description: String?
    package var data: [String: String]
    package var tags = TagSet()
    package var clientToken: String?

    package init(name: String, data: [String: String]) {
        self.name = name
        self.data = data
    }
}
