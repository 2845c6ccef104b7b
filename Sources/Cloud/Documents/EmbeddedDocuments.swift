import Model
import Records
import SQLite

// Documents: making, changing and deleting them. Versions are numbered from 1, and a number is not given twice.
extension EmbeddedActions {
    /// SSM's bounds for an account in a region, and for one document.
    private static var mostDocuments: Int { 500 }
    private static var mostVersions: Int { 1000 }

    func createDocument(_ new: DocumentCreation) throws(Failure) -> DocumentRecord {
        let account = try account
        _ = try CommandDocumentReader.read(new.content.body)
        return try write("make the document \(new.name)") { session in
            guard try session.documents("owner = ? AND name = ?", [account, new.name]).isEmpty else {
                throw Failure(PlaneError(.documentAlreadyExists, "The specified document already exists."))
            }
            let count = try session.first("SELECT count(*) AS n FROM documents WHERE owner = ?", account) { try $0.int("n") }
            guard count ?? 0 < Self.mostDocuments else {
                throw Failure(
                    PlaneError(.documentLimitExceeded, "You can have at most \(Self.mostDocuments) active SSM documents."))
            }
            try session.run(
                "INSERT INTO documents VALUES (?, ?, ?, ?, 1, 1)", account, new.name, new.targetType, now)
            try session.enter(1, new.content, named: new.versionName, of: new.name, account, at: now)
            try session.put(new.tags, onDocument: new.name, of: account)
            return try own(new.name, session)
        }
    }

    func updateDocument(
        _ name: String, from base: DocumentSelection.Version, _ content: DocumentContent, versionName: String?,
        targetType: String?
    ) throws(Failure) -> DocumentRecord {
        let account = try account
        return try write("change the document \(name)") { session in
            let record = try own(name, session)
            guard try Self.version(base, of: record) == record.latest else { throw Failure(.noDocumentVersion) }
            _ = try CommandDocumentReader.read(content.body)
            guard !record.versions.contains(where: { $0.content == content.text }) else {
                throw Failure(
                    PlaneError(
                        .duplicateDocumentContent,
                        """
                        The content of the association document matches another document. Change the content of the document and try \
                        again.
                        """))
            }
            guard versionName == nil || !record.versions.contains(where: { $0.name == versionName }) else {
                throw Failure(PlaneError(.duplicateDocumentVersionName, "The specified version name is a duplicate."))
            }
            guard record.versions.count < Self.mostVersions else {
                throw Failure(
                    PlaneError(.documentVersionLimitExceeded, "A document has at most \(Self.mostVersions) versions."))
            }
            try session.run(
                """
                UPDATE documents SET versions_made = versions_made + 1, target_type = coalesce(?, target_type)
                    WHERE owner = ? AND name = ?
                """, targetType, account, name)
            let made = try session.first("SELECT versions_made AS n FROM documents WHERE owner = ? AND name = ?", account, name) {
                try $0.int("n")
            }
            try session.enter(made ?? 0, content, named: versionName, of: name, account, at: now)
            return try own(name, session)
        }
    }

    func setDefaultVersion(_ number: Int, ofDocument name: String) throws(Failure) -> DocumentRecord {
        let account = try account
        return try write("change the document \(name)") { session in
            _ = try Self.version(.number(number), of: own(name, session))
            try session.run("UPDATE documents SET default_version = ? WHERE owner = ? AND name = ?", number, account, name)
            return try own(name, session)
        }
    }

    func deleteDocument(_ selection: DocumentSelection) throws(Failure) {
        let account = try account
        let name = selection.document
        try write("delete the document \(name)") { session in
            let record = try own(name, session)
            guard selection.version != nil || selection.versionName != nil else {
                guard try session.documentShares(name, of: account).isEmpty else {
                    throw Failure(
                        PlaneError(
                            .invalidDocumentOperation,
                            """
                            You attempted to delete a document while it is still shared. You must stop sharing the document before you \
                            can delete it.
                            """))
                }
                try session.run("DELETE FROM documents WHERE owner = ? AND name = ?", account, name)
                return
            }
            let version = try Self.version(selection, of: record)
            guard version != record.usual else {
                throw Failure(PlaneError(.invalidDocumentOperation, "Default version of the document can't be deleted."))
            }
            try session.run(
                "DELETE FROM document_versions WHERE owner = ? AND name = ? AND number = ?", account, name, version.number)
        }
    }

    // MARK: Looking

    func documents() throws(Failure) -> [DocumentRecord] {
        let account = try account
        return try read("list the documents of \(region.name)") { try $0.documents("owner = ?", [account]) }
    }

    func document(_ selection: DocumentSelection) throws(Failure) -> (record: DocumentRecord, version: DocumentVersion) {
        let account = try account
        let (owner, name) = try Self.owner(of: selection.document, askedBy: account, in: region.name)
        return try read("look up the document \(name.prefix(128))") { session in
            guard let record = try session.documents("owner = ? AND name = ?", [owner, name]).first else {
                throw Failure(.noDocument)
            }
            let version = try Self.version(selection, of: record)
            if owner != account {
                let shares = try session.documentShares(name, of: owner)
                let isOpen = shares.contains { share in
                    let isMine = share.account == account.description || share.account == DocumentShare.everyone
                    return isMine && share.includes(version, of: record)
                }
                guard isOpen else { throw Failure(.noDocument) }
            }
            return (record, version)
        }
    }

    /// Whose document a name or an ARN means.
    private static func owner(
        of text: String, askedBy account: AccountID, in region: RegionName
    ) throws(Failure) -> (AccountID, String) {
        guard ARN.isMeant(by: text) else { return (account, text) }
        guard let arn = ARN(text), arn.isOf("ssm"), arn.region == region.description, let owner = arn.accountID,
            let name = arn.name(of: "document")
        else { throw Failure(.noDocument) }
        return (owner, name)
    }

    /// The account's own, for changing it.
    func own(_ name: String, _ session: Session) throws -> DocumentRecord {
        guard let record = try session.documents("owner = ? AND name = ?", [try account, name]).first else {
            throw Failure(.noDocument)
        }
        return record
    }

    private static func version(_ version: DocumentSelection.Version, of record: DocumentRecord) throws(Failure)
        -> DocumentVersion
    {
        switch version {
        case .usual: return record.usual
        case .latest: return record.latest
        case .number(let number):
            if let found = record.versions.first(where: { $0.number == number }) { return found }
            throw Failure(.noDocumentVersion)
        }
    }

    /// What version and name of a version mean together.
    private static func version(_ selection: DocumentSelection, of record: DocumentRecord) throws(Failure) -> DocumentVersion {
        guard let name = selection.versionName else { return try version(selection.version ?? .usual, of: record) }
        guard let named = record.versions.first(where: { $0.name == name }) else { throw Failure(.noDocument) }
        guard let version = selection.version else { return named }
        guard try Self.version(version, of: record) == named else { throw Failure(.noDocument) }
        return named
    }

    // MARK: Sharing and tags

    func documentShares(_ name: String) throws(Failure) -> [DocumentShare] {
        let account = try account
        return try read("look up the document \(name)") { session in
            _ = try own(name, session)
            return try session.documentShares(name, of: account)
        }
    }

    /// SSM's bound.
    private static var mostShares: Int { 1000 }

    func shareDocument(_ name: String, with new: [DocumentShare], notWith gone: [String]) throws(Failure) {
        let account = try account
        try write("share the document \(name)") { session in
            _ = try own(name, session)
            for other in gone {
                try session.run(
                    "DELETE FROM document_shares WHERE owner = ? AND name = ? AND account = ?", account, name, other)
            }
            for share in new {
                try session.run(
                    "INSERT OR REPLACE INTO document_shares VALUES (?, ?, ?, ?)", account, name, share.account,
                    share.version.rawValue)
            }
            let all = try session.documentShares(name, of: account)
            guard all.count == 1 || !all.contains(where: { $0.account == DocumentShare.everyone }) else {
                throw Failure(
                    PlaneError(.documentPermissionLimit, "Accounts can either be all or a group of AWS accounts"))
            }
            guard all.count <= Self.mostShares else {
                throw Failure(
                    PlaneError(.documentPermissionLimit, "The document can't be shared with more Amazon Web Services accounts."))
            }
        }
    }

    func tagDocument(_ name: String, with tags: TagSet) throws(Failure) {
        let account = try account
        try write("tag the document \(name)") { session in
            // More than fifty are refused here.
            _ = try own(name, session).tags.merging(tags)
            try session.put(tags, onDocument: name, of: account)
        }
    }

    func untagDocument(_ name: String, keys: [String]) throws(Failure) {
        let account = try account
        try write("untag the document \(name)") { session in
            _ = try own(name, session)
            for key in keys {
                try session.run("DELETE FROM document_tags WHERE owner = ? AND name = ? AND key = ?", account, name, key)
            }
        }
    }
}

extension DocumentShare {
    fileprivate func includes(_ asked: DocumentVersion, of record: DocumentRecord) -> Bool {
        switch version {
        case .usual: asked == record.usual
        case .latest: asked == record.latest
        case .all: true
        }
    }
}
