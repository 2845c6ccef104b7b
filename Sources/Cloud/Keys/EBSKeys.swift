import Model
import Platform
import Records
import SQLite

// The key that AWS makes for each account of a region, under which EBS encrypts where no other is named.
extension EmbeddedActions {
    static func namesEBSKey(_ text: String) -> Bool {
        switch try? KeyReference(parsing: text) {
        case .alias(.ebs), .aliasARN(_, _, .ebs): true
        default: false
        }
    }

    /// The caller's, made when it is first needed.
    func ebsKey() throws(Failure) -> KeyRecord { try region.ebsKey(of: try account) }
}

extension EmbeddedRegion {
    func newKeyID(isMultiRegion: Bool) throws(Failure) -> KeyID {
        KeyID(random: try random(KeyID.randomByteCount), isMultiRegion: isMultiRegion)
    }

    func ebsKey(of account: AccountID) throws(Failure) -> KeyRecord {
        let known: KeyRecord? = try database.read("look up \(AliasName.ebs)") { try $0.ebsKey(of: account, in: name) }
        if let known { return known }
        let id = try newKeyID(isMultiRegion: false)
        let now = Instant(seconds: environment.seconds)
        let key = KeyRecord(
            arn: KeyARN(region: name, account: account, id: id), spec: .symmetric, usage: .encryptDecrypt, origin: .kms,
            manager: .aws, state: .enabled,
            description: "Default key that protects my EBS volumes when no other key is defined", created: now, deletion: nil,
            deletionWindow: nil, policy: .managedForEBS(of: account, in: name), primary: nil,
            rotation: KeyRecord.Rotation(
                period: KeyRotationPeriod.usual, next: now + .days(Int64(KeyRotationPeriod.usual))), material: 1)
        let sealed = try sealNewMaterial(of: key, number: 1)
        return try database.write("make \(AliasName.ebs)") { session in
            // Another one may have been first.
            if let other = try session.ebsKey(of: account, in: name) { return other }
            try session.enter(key, tags: TagSet())
            try session.enterMaterial(sealed, number: 1, of: id, made: now, isOnDemand: false)
            try session.run("INSERT INTO kms_aliases VALUES (?, ?, ?, ?, ?)", account, AliasName.ebs, id, now, now)
            return key
        }
    }
}

extension Session {
    fileprivate func ebsKey(of account: AccountID, in region: RegionName) throws -> KeyRecord? {
        guard let alias = try aliases("owner = ? AND name = ?", [account, AliasName.ebs]).first else { return nil }
        return try key(alias.key, in: region)
    }
}
