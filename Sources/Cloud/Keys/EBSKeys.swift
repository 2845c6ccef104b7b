import Model
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
    func ebsKey() throws(Failure) -> KeyRecord {
        let account = try account
        let alias: KeyAlias? = try region.database.read("look up \(AliasName.ebs)") { session in
            try session.aliases("owner = ? AND name = ?", [account, AliasName.ebs]).first
        }
        if let alias { return try region.database.read("look up \(AliasName.ebs)") { try existing(alias.key, $0) } }
        let id = try newKeyID(isMultiRegion: false)
        let key = KeyRecord(
            arn: KeyARN(region: region.name, account: account, id: id), spec: .symmetric, usage: .encryptDecrypt, origin: .kms,
            manager: .aws, state: .enabled,
            description: "Default key that protects my EBS volumes when no other key is defined", created: now, deletion: nil,
            deletionWindow: nil, policy: .managedForEBS(of: account, in: region.name), primary: nil,
            rotation: KeyRecord.Rotation(
                period: KeyRotationPeriod.usual, next: now + .days(Int64(KeyRotationPeriod.usual))), material: 1)
        let sealed = try sealNewMaterial(of: key, number: 1)
        return try region.database.write("make \(AliasName.ebs)") { session in
            // Another one may have been first.
            if let alias = try session.aliases("owner = ? AND name = ?", [account, AliasName.ebs]).first {
                return try existing(alias.key, session)
            }
            try session.enter(key, tags: TagSet())
            try session.enterMaterial(sealed, number: 1, of: id, made: now, isOnDemand: false)
            try session.run("INSERT INTO kms_aliases VALUES (?, ?, ?, ?, ?)", account, AliasName.ebs, id, now, now)
            return key
        }
    }
}
