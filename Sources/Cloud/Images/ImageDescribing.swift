import Model
import Records
import SQLite

// DescribeImages: SQL narrows by what has an index, the rules and filters decide over each image.
extension EmbeddedActions {
    package func describeImages(
        _ query: ImageQuery, receive: (ImageDescription) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let matcher = try ImageMatcher(query, caller: caller)
        let now = now
        if isDryRun { throw Failure(.dryRun) }
        if let ids = query.ids {
            let (setting, images) = try region.database.read("look up images of \(region.name)") { session in
                let mark = try session.changeMark()
                return (
                    try allowedImages(session, at: mark),
                    try region.cache.images(ids, in: region.name, at: mark, session)
                )
            }
            try describe(ids, images, setting, { matcher.description(of: $0, setting, plane, now) }, receive)
            return nil
        }
        let (setting, candidates) = try region.database.read("list the images of \(region.name)") { session in
            (
                try allowedImages(session, at: try session.changeMark()),
                try ImageCandidates(query, caller: caller, directory: plane.settings.directory).find(session)
            )
        }
        var given = 0
        // Received outside of the transaction, so that a slow receiver keeps nobody waiting.
        for start in stride(from: 0, to: candidates.count, by: Self.batch) {
            let part = candidates[start..<min(start + Self.batch, candidates.count)]
            let images = try cached(part.map(\.id), ofList: candidates.count)
            for candidate in part {
                guard let image = images[candidate.id],
                    let described = matcher.description(of: image, setting, plane, now)
                else { continue }
                if let limit = query.limit, given == limit { return PageToken(after: candidate.row - 1) }
                try receive(described)
                given += 1
            }
        }
        return nil
    }

    private static var batch: Int { 500 }

    /// Every id must be of an image that exists for the caller.
    private func describe(
        _ ids: [ImageID], _ images: [ImageID: ImageRecord], _ setting: AllowedImages,
        _ description: (ImageRecord) -> ImageDescription?, _ receive: (ImageDescription) throws(Failure) -> Void
    ) throws(Failure) {
        let unknown = ids.filter { id in
            images[id].map { !access(to: $0, setting).isVisible(to: caller) } ?? true
        }
        guard unknown.isEmpty else { throw Failure(.notFound(images: unknown)) }
        var given: Set<ImageID> = []
        for id in ids where given.insert(id).inserted {
            if let described = images[id].flatMap(description) { try receive(described) }
        }
    }

    private func cached(_ ids: [ImageID], ofList length: Int) throws(Failure) -> [ImageID: ImageRecord] {
        try region.database.read("look up images of \(region.name)") { session in
            try region.cache.images(ids, ofList: length, in: region.name, at: try session.changeMark(), session)
        }
    }
}

/// What of a query each image must pass.
struct ImageMatcher {
    private let query: ImageQuery
    private let caller: Caller
    private let filters: [(filter: ResourceFilter, field: ImageFilterField)]

    init(_ query: ImageQuery, caller: Caller) throws(Failure) {
        self.query = query
        self.caller = caller
        filters = try query.filters.map { (filter) throws(Failure) in
            guard let field = ImageFilterField(filter.name) else {
                throw Failure(.invalid(filter: filter.name), hint: ImageFilterField.hint(for: filter.name))
            }
            if filter.name == "state" && filter.literals?.contains("disabled") == true && !query.includesDisabled {
                throw Failure(.disabledNeedsInclude)
            }
            return (filter, field)
        }
    }

    /// The image as the caller sees it; nil where the query does not let it through.
    func description(
        of image: ImageRecord, _ setting: AllowedImages, _ plane: EmbeddedPlane, _ now: Instant
    ) -> ImageDescription? {
        let alias = plane.settings.directory.account(image.owner)?.alias
        let mark = setting.mark(image.candidate(alias), by: caller, at: now)
        let access = image.access(isExcluded: setting.state == .enabled && mark == false)
        guard
            access.isListed(
                to: caller, at: now, byID: query.ids != nil, includingDeprecated: query.includesDeprecated,
                includingDisabled: query.includesDisabled),
            isOfOwners(image, alias), isExecutable(image)
        else { return nil }
        var shown = image
        if !caller.isAccount(image.owner) {
            shown.tags = TagSet()
            shown.lastLaunched = nil
            shown.permissions.formIntersection([.everyone])
        }
        let description = ImageDescription(image: shown, ownerAlias: alias, isAllowed: mark, now: now)
        return filters.allSatisfy { $0.filter.accepts($0.field.values(description)) } ? description : nil
    }

    private func isOfOwners(_ image: ImageRecord, _ alias: OwnerAlias?) -> Bool {
        query.owners.isEmpty
            || query.owners.contains { owner in
                switch owner {
                case .own: caller.isAccount(image.owner)
                case .account(let id): image.owner == id
                case .alias(let name): alias == name
                }
            }
    }

    /// Of explicit permissions: an owner's own right is none, and being public counts for `all` alone.
    private func isExecutable(_ image: ImageRecord) -> Bool {
        query.executableBy.isEmpty
            || query.executableBy.contains { executor in
                switch executor {
                case .everyone: image.isPublic
                case .own: image.permissions.contains { $0 != .everyone && $0.reaches(caller) }
                case .account(let id) where caller.isAccount(id):
                    image.permissions.contains { $0 != .everyone && $0.reaches(caller) }
                case .account(let id): image.permissions.contains(.account(id))
                }
            }
    }
}

extension ImageRecord {
    func access(isExcluded: Bool, snapshots: [SnapshotAccess] = []) -> ImageAccess {
        ImageAccess(
            id: id, owner: owner, state: state, permissions: permissions, deprecation: deprecation, snapshots: snapshots,
            products: products, hasBillingProducts: !machine.billingProducts.isEmpty, hasWatermarks: !watermarks.isEmpty,
            isOnInstanceStore: machine.rootDevice == .instanceStore, isExcluded: isExcluded)
    }

    /// What the criteria of allowed images look at.
    func candidate(_ alias: OwnerAlias?) -> AllowedImages.Candidate {
        AllowedImages.Candidate(
            owner: owner, ownerAlias: alias, name: name.description, productCodes: products.map(\.code), created: created,
            deprecation: deprecation)
    }
}
