import Model
import Testing

/// Who may do what with an image: every combination of who asks, who was let in, the state, the encryption, the snapshots' shares,
/// products and the setting of allowed images, against tables that are written here by themselves.
@Suite("access to images")
struct ImageAccessMatrixTests {
    private static let cells: [Cell] = Cell.all

    @Test("the matrix has more than two thousand cells") func size() { #expect(Self.cells.count > 2000) }

    @Test("an image is visible as the table says")
    func visible() throws {
        try forEachCell { cell, access, values in
            access.isVisible(to: values.caller(cell)) == cell.isSeen
        }
    }

    @Test("a list has an image as the table says, for every choice of what it includes")
    func listed() throws {
        try forEachCell { cell, access, values in
            let caller = values.caller(cell)
            var access = access
            for isDeprecated in [false, true] {
                access.deprecation = Instant(seconds: isDeprecated ? 1000 : 1001)
                for choice in 0..<8 {
                    let (byID, deprecated, disabled) = (choice & 1 != 0, choice & 2 != 0, choice & 4 != 0)
                    let hides =
                        (isDeprecated && !cell.isOwner && !byID && !deprecated) || (cell.state == .disabled && !disabled)
                    let isListed = access.isListed(
                        to: caller, at: Instant(seconds: 1000), byID: byID, includingDeprecated: deprecated,
                        includingDisabled: disabled)
                    guard isListed == (cell.isSeen && !hides) else { return false }
                }
            }
            return true
        }
    }

    @Test("a launch ends as the table says")
    func launch() throws {
        let rules: [(holds: (Cell) -> Bool, outcome: (ImageID) -> String)] = [
            ({ !$0.isOwner && !$0.isLetIn }, { "AuthFailure: Not authorized for images: [\($0)]" }),
            ({ $0.state != .available }, { "InvalidAMIID.Unavailable: The image id '[\($0)]' is no longer available" }),
            ({ $0.isExcluded && !$0.isOwner }, { "InvalidAMIID.NotFound: The image id '[\($0)]' does not exist" }),
            ({ [.closedKey, .closedDisabledKey].contains($0.encryption) }, { _ in "fails: Client.InternalError" }),
            ({ $0.encryption == .managedKey && !$0.isOwner }, { _ in "fails: Client.InternalError" }),
            ({ $0.encryption == .disabledKey }, { _ in "fails: Client.InvalidKMSKey.InvalidState" }),
            ({ _ in true }, { _ in "allowed" }),
        ]
        try forEachCell { cell, access, values in
            let expected = try #require(rules.first { $0.holds(cell) }).outcome(access.id)
            return Self.text(access.launch(by: values.caller(cell))) == expected
        }
    }

    @Test("a copy ends as the table says")
    func copy() throws {
        let isForeign = { (cell: Cell) in !cell.isOwner }
        let rules: [(holds: (Cell) -> Bool, outcome: (ImageID) -> String)] = [
            ({ $0.state == .deregistered }, { "InvalidAMIID.NotFound: The image id '[\($0)]' does not exist" }),
            (
                { isForeign($0) && (!$0.isLetIn || $0.isExcluded) },
                { "InvalidAMIID.NotFound: The image id '[\($0)]' does not exist" }
            ),
            ({ $0.state != .available }, { "InvalidAMIID.Unavailable: The image id '[\($0)]' is no longer available" }),
            (
                { isForeign($0) && $0.product == .marketplace },
                { _ in "InvalidRequest: Images from AWS Marketplace cannot be copied to another AWS account" }
            ),
            (
                { isForeign($0) && $0.product == .billing },
                { _ in "InvalidRequest: Images with EC2 BillingProduct codes cannot be copied to another AWS account" }
            ),
            (
                { isForeign($0) && !$0.readsStorage },
                { _ in "InvalidRequest: You do not have permission to access the storage of this ami" }
            ),
            (
                {
                    [.closedKey, .closedDisabledKey, .disabledKey].contains($0.encryption)
                        || ($0.encryption == .managedKey && isForeign($0))
                },
                { _ in "fails: Client.InvalidKMSKey" }
            ),
            ({ _ in true }, { _ in "allowed" }),
        ]
        try forEachCell { cell, access, values in
            let expected = try #require(rules.first { $0.holds(cell) }).outcome(access.id)
            return Self.text(access.copy(by: values.caller(cell))) == expected
        }
    }

    @Test("sharing with an account, a unit, an organization and everyone ends as the table says", arguments: [false, true])
    func share(whileBlocked isBlocked: Bool) throws {
        try forEachCell { cell, access, values in
            for target in Cell.Permission.allCases {
                let added = values.permissions(target)
                let code = access.refusal(toShareWith: added, by: values.caller(cell), whilePublicAccessIsBlocked: isBlocked)?
                    .code
                guard code?.rawValue == Self.shareCode(cell, target, isBlocked) else { return false }
            }
            return true
        }
    }

    private static func shareCode(_ cell: Cell, _ target: Cell.Permission, _ isBlocked: Bool) -> String? {
        if !cell.isOwner { return cell.state == .deregistered ? "InvalidAMIID.NotFound" : "AuthFailure" }
        if cell.state != .available { return "InvalidAMIID.Unavailable" }
        if target == .none { return nil }
        if target == .everyone {
            if isBlocked { return "OperationNotPermitted" }
            if cell.encryption != .none { return "UnsupportedOperation" }
            if cell.product == .marketplace { return "OperationNotPermitted" }
            return nil
        }
        return cell.encryption == .managedKey ? "InvalidParameter" : nil
    }

    @Test("changing and deregistering are the owner's, in the states and protections of the table")
    func modify() throws {
        let now = Instant(seconds: 1000)
        let protections: [(DeregistrationProtection, Bool)] = [
            (.disabled, false), (.enabled(withCooldown: false), true), (.enabled(withCooldown: true), true),
            (.cooling(until: Instant(seconds: 1001)), true), (.cooling(until: Instant(seconds: 1000)), false),
        ]
        try forEachCell { cell, access, values in
            let caller = values.caller(cell)
            let base =
                cell.isOwner
                ? (cell.state == .deregistered ? "InvalidAMIID.Unavailable" : nil)
                : (cell.state == .deregistered ? "InvalidAMIID.NotFound" : "AuthFailure")
            guard access.refusal(toModify: caller)?.code.rawValue == base else { return false }
            let whole = base ?? (cell.state == .available ? nil : "InvalidAMIID.Unavailable")
            guard access.refusal(toModifyAvailable: caller)?.code.rawValue == whole else { return false }
            return protections.allSatisfy { protection, protects in
                access.refusal(toDeregister: caller, protection: protection, at: now)?.code.rawValue
                    == base ?? (protects ? "OperationNotPermitted" : nil)
            }
        }
    }

    /// Fails with the first cell for which `body` is false.
    private func forEachCell(_ body: (Cell, ImageAccess, CellValues) throws -> Bool) throws {
        let values = try CellValues()
        for cell in Self.cells where try !body(cell, values.access(cell), values) {
            Issue.record("not as the table says: \(cell)")
            return
        }
    }

    private static func text(_ decision: AccessDecision) -> String {
        switch decision {
        case .allowed: "allowed"
        case .refused(let error): error.description
        case .failing(let reason): "fails: \(reason.code)"
        }
    }
}

/// One combination of facts.
private struct Cell {
    enum Who: CaseIterable { case owner, account, member, inUnit, inInnerUnit, stranger, service }
    enum Permission: CaseIterable { case none, account, organization, unit, innerUnit, everyone, somebodyElse }
    enum Encryption: CaseIterable { case none, managedKey, openKey, closedKey, disabledKey, closedDisabledKey }
    enum Product: CaseIterable { case none, marketplace, billing }
    enum Storage: CaseIterable { case unshared, sharedByName, sharedWithAll }

    var who: Who
    var permission: Permission
    var state: ImageState
    var encryption: Encryption
    var product: Product
    var storage: Storage
    var isExcluded: Bool

    static var all: [Cell] {
        var cells: [Cell] = []
        for who in Who.allCases {
            for permission in Permission.allCases {
                for state in ImageState.allCases {
                    for encryption in Encryption.allCases {
                        for product in Product.allCases {
                            for storage in Storage.allCases {
                                for isExcluded in [false, true] {
                                    cells.append(
                                        Cell(
                                            who: who, permission: permission, state: state, encryption: encryption,
                                            product: product, storage: storage, isExcluded: isExcluded))
                                }
                            }
                        }
                    }
                }
            }
        }
        return cells
    }

    // MARK: What the tables go by, written out

    var isOwner: Bool { who == .owner }

    /// Whom each permission reaches, apart from the owner.
    var isLetIn: Bool {
        let reached: [Who] =
            switch permission {
            case .none, .somebodyElse: []
            case .account: [.account]
            case .organization: [.owner, .member, .inUnit, .inInnerUnit]
            case .unit: [.inUnit, .inInnerUnit]
            case .innerUnit: [.inInnerUnit]
            case .everyone: Who.allCases
            }
        return reached.contains(who)
    }

    /// Whether the caller sees the image at all.
    var isSeen: Bool { state != .deregistered && (isOwner || (isLetIn && !isExcluded)) }

    var readsStorage: Bool {
        switch storage {
        case .unshared: false
        case .sharedByName: who == .account
        case .sharedWithAll: true
        }
    }
}

/// The same facts as values of the model, each made once.
private struct CellValues {
    private let ids: [Cell.Who: AccountID]
    private let organization: OrganizationARN
    private let unit: UnitARN
    private let inner: UnitARN
    private let service: ServicePrincipal
    private let somebodyElse: AccountID
    private let callers: [Cell.Who: Caller]
    private let permissions: [Cell.Permission: Set<LaunchPermission>]
    private let keys: [Cell.Encryption: SnapshotEncryption]

    init() throws {
        let arn = "arn:aws:organizations::111111111111:"
        var ids: [Cell.Who: AccountID] = [:]
        for (index, who) in Cell.Who.allCases.enumerated() {
            ids[who] = try AccountID(parsing: String(repeating: "\(index + 1)", count: 12))
        }
        organization = try OrganizationARN(parsing: arn + "organization/o-abcdefghij")
        unit = try UnitARN(parsing: arn + "ou/o-abcdefghij/ou-ab12-aaaaaaaa")
        inner = try UnitARN(parsing: arn + "ou/o-abcdefghij/ou-ab12-bbbbbbbb")
        service = try ServicePrincipal(parsing: "imagebuilder.amazonaws.com")
        somebodyElse = try AccountID(parsing: "999999999999")
        self.ids = ids
        var callers: [Cell.Who: Caller] = [:]
        for (who, id) in ids {
            callers[who] =
                switch who {
                case .owner, .member: Caller(.account(id), organization: organization)
                case .inUnit: Caller(.account(id), organization: organization, units: [unit])
                case .inInnerUnit: Caller(.account(id), organization: organization, units: [inner, unit])
                case .account, .stranger: Caller(.account(id))
                case .service: Caller(.service(service))
                }
        }
        self.callers = callers
        permissions = [
            .none: [], .account: [.account(try #require(ids[.account]))], .organization: [.organization(organization)],
            .unit: [.unit(unit)], .innerUnit: [.unit(inner)], .everyone: [.everyone], .somebodyElse: [.account(somebodyElse)],
        ]
        let all = Set(KeyOperation.allCases)
        keys = [
            .none: .none, .managedKey: .key(KeyAccess(isManagedByAWS: true, operations: all)),
            .openKey: .key(KeyAccess(operations: all)), .closedKey: .key(KeyAccess(operations: all.subtracting([.decrypt]))),
            .disabledKey: .key(KeyAccess(isUsable: false, operations: all)),
            .closedDisabledKey: .key(KeyAccess(isUsable: false, operations: [])),
        ]
    }

    func caller(_ cell: Cell) -> Caller { callers[cell.who] ?? Caller(.service(service)) }

    func permissions(_ permission: Cell.Permission) -> Set<LaunchPermission> { permissions[permission] ?? [] }

    func access(_ cell: Cell) throws -> ImageAccess {
        let owner = try #require(ids[.owner])
        let shares: Set<LaunchPermission> =
            switch cell.storage {
            case .unshared: []
            case .sharedByName: permissions(.account)
            case .sharedWithAll: [.everyone]
            }
        let snapshot = SnapshotAccess(
            id: SnapshotID(random: [1, 2, 3, 4, 5, 6, 7, 8]), owner: owner, permissions: shares,
            encryption: try #require(keys[cell.encryption]))
        return ImageAccess(
            id: ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8]), owner: owner, state: cell.state,
            permissions: permissions(cell.permission), snapshots: [snapshot],
            products: cell.product == .marketplace ? [ProductCode("abc")] : [], hasBillingProducts: cell.product == .billing,
            isExcluded: cell.isExcluded)
    }
}
