import FoundationEssentials
import Model
import Records
import SQLite

// What an account has set for all its images of a region.
extension EmbeddedActions {
    func isPublicAccessToImagesBlocked() throws(Failure) -> Bool {
        try read("look up the settings of \(region.name)") { try isPublicAccessBlocked($0) }
    }

    func blockPublicAccessToImages(_ isBlocked: Bool) throws(Failure) {
        try write("change the settings of \(region.name)") { session in
            try session.set(.publicAccess, to: isBlocked ? "block-new-sharing" : "unblocked", of: account)
        }
    }

    /// New accounts of AWS begin with public access blocked; so do these.
    func isPublicAccessBlocked(_ session: Session) throws -> Bool {
        try session.setting(.publicAccess, of: account).map { $0 != "unblocked" } ?? true
    }

    /// Accounts of AWS begin with public access to snapshots unblocked; so do these.
    func publicAccessToSnapshots() throws(Failure) -> SnapshotPublicAccess {
        try read("look up the settings of \(region.name)") { try $0.publicAccessToSnapshots(of: account) }
    }

    func setPublicAccessToSnapshots(_ access: SnapshotPublicAccess) throws(Failure) {
        try write("change the settings of \(region.name)") { session in
            try session.set(.snapshotPublicAccess, to: access.rawValue, of: account)
        }
    }

    func allowedImages() throws(Failure) -> AllowedImages {
        try region.database.read("look up the settings of \(region.name)") { try allowedImages($0, at: try $0.changeMark()) }
    }

    func allowedImages(_ session: Session, at mark: ChangeMark) throws -> AllowedImages {
        guard let account = caller.principal.account else { return AllowedImages() }
        return try region.cache.allowedImages(of: account, at: mark) {
            guard let text = try session.setting(.allowedImages, of: account) else { return AllowedImages() }
            return try JSONDecoder().decode(StoredAllowedImages.self, from: Data(text.utf8)).setting
        }
    }

    func setAllowedImages(_ setting: AllowedImages) throws(Failure) {
        try setting.refusal.check()
        let text = try CanonicalJSON.text(of: StoredAllowedImages(setting))
        try write("change the settings of \(region.name)") { session in
            try session.set(.allowedImages, to: text, of: account)
        }
    }

    func access(to image: ImageRecord, _ setting: AllowedImages) -> ImageAccess {
        let candidate = image.candidate(plane.settings.directory.account(image.owner)?.alias)
        let isExcluded = setting.state == .enabled && !setting.allows(candidate, by: caller, at: now)
        return image.access(isExcluded: isExcluded)
    }
}

enum Setting: String {
    case publicAccess = "image-block-public-access"
    case snapshotPublicAccess = "snapshot-block-public-access"
    case allowedImages = "allowed-images"
    case encryption = "ebs-encryption-by-default"
    case encryptionKey = "ebs-default-kms-key-id"
}

extension Session {
    func publicAccessToSnapshots(of account: AccountID) throws -> SnapshotPublicAccess {
        try setting(.snapshotPublicAccess, of: account).flatMap { SnapshotPublicAccess(rawValue: $0) } ?? .unblocked
    }

    func setting(_ setting: Setting, of account: AccountID) throws -> String? {
        try first("SELECT value FROM account_settings WHERE account = ? AND name = ?", account, setting.rawValue) { row in
            try row.text("value")
        }
    }

    func remove(_ setting: Setting, of account: AccountID) throws {
        try run("DELETE FROM account_settings WHERE account = ? AND name = ?", account, setting.rawValue)
    }

    func set(_ setting: Setting, to value: String, of account: AccountID) throws {
        try run("INSERT OR REPLACE INTO account_settings VALUES (?, ?, ?)", account, setting.rawValue, value)
    }
}

/// The setting as a catalogue keeps it.
private struct StoredAllowedImages: Codable {
    var state: String
    var criteria: [Criterion]

    struct Criterion: Codable {
        var providers: [String]
        var productCodes: [String]
        var names: [String]
        var mostDaysSinceDeprecation: Int?
        var mostDaysSinceCreation: Int?
    }

    init(_ setting: AllowedImages) {
        state = setting.state.rawValue
        criteria = setting.criteria.map {
            Criterion(
                providers: $0.providers, productCodes: $0.productCodes, names: $0.names.map(\.text),
                mostDaysSinceDeprecation: $0.mostDaysSinceDeprecation, mostDaysSinceCreation: $0.mostDaysSinceCreation)
        }
    }

    var setting: AllowedImages {
        AllowedImages(
            state: AllowedImages.State(rawValue: state) ?? .disabled,
            criteria: criteria.map {
                var criterion = AllowedImages.Criterion()
                criterion.providers = $0.providers
                criterion.productCodes = $0.productCodes
                criterion.names = $0.names.map { FilterPattern($0) }
                criterion.mostDaysSinceDeprecation = $0.mostDaysSinceDeprecation
                criterion.mostDaysSinceCreation = $0.mostDaysSinceCreation
                return criterion
            })
    }
}
