import CommandLineKit
import Model

/// With whom an image is shared, or no longer shared.
enum ShareParameters {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let account = Option<[String]>(
        "account", value: "account", "An account, by its twelve digits or its name in ingot.yaml", values: .dynamic("account"))
    static let unit = Option<[String]>(
        "unit", value: "unit", "A unit with those below it, by its ARN or its name in ingot.yaml")
    static let organization = Flag("organization", "The organization of ingot.yaml")
    static let everyone = Flag("public", "Everyone")
    static let snapshots = Flag(
        "with-snapshots", "The right to read the snapshots too, which a copy needs; for accounts and --public")

    static let all: [any Parameter] = [image, account, unit, organization, everyone, snapshots, OutputFormat.resultOption]

    static func permissions(_ arguments: ParsedArguments, _ settings: PlaneSettings) throws(Failure) -> Set<LaunchPermission> {
        var permissions: Set<LaunchPermission> = arguments[everyone] ? [.everyone] : []
        for word in arguments[account] { permissions.insert(.account(try id(word, settings))) }
        for word in arguments[unit] { permissions.insert(.unit(try arn(word, settings))) }
        if arguments[organization] {
            guard let organization = settings.directory.organization else {
                throw Failure(.notFound, "the plane has no organization", hint: "write one into ingot.yaml")
            }
            permissions.insert(.organization(organization.arn))
        }
        return permissions
    }

    /// An account need not be of this plane.
    private static func id(_ word: String, _ settings: PlaneSettings) throws(Failure) -> AccountID {
        if let id = try? AccountID(parsing: word) { return id }
        return try PlaneSelection.account(word, settings).id
    }

    private static func arn(_ word: String, _ settings: PlaneSettings) throws(Failure) -> UnitARN {
        if let unit = settings.directory.organization?.units.first(where: { $0.name == word || $0.arn.id == word }) {
            return unit.arn
        }
        return try UnitARN(parsing: word)
    }
}
