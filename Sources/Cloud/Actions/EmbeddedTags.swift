import Model
import Records
import SQLite

// CreateTags, DeleteTags and DescribeTags.
extension EmbeddedActions {
    func createTags(_ tags: TagSet, on resources: [TaggedResource]) throws(Failure) {
        try change(resources) { old in
            guard let merged = try? old.merging(tags) else { throw Failure(.tooManyTags) }
            return merged
        }
    }

    func deleteTags(_ tags: [TagRemoval], from resources: [TaggedResource]) throws(Failure) {
        guard !tags.contains(where: { $0.key.lowercased().hasPrefix("aws:") }) else {
            throw Failure(
                PlaneError(.invalidParameterValue, "Tag keys starting with 'aws:' are reserved for internal use"))
        }
        try change(resources) { old in
            if tags.isEmpty { return old.removing(old.unreserved.map(\.key)) }
            return old.removing(tags.filter { $0.value == nil || old[$0.key] == $0.value }.map(\.key))
        }
    }

    private func change(_ resources: [TaggedResource], _ body: (TagSet) throws -> TagSet) throws(Failure) {
        guard !resources.isEmpty else { throw Failure(.missing("resourceIdSet")) }
        try write("tag resources of \(region.name)") { session in
            for resource in resources {
                try checkOwner(of: resource, session)
                let tags = try body(session.tags(of: resource.description))
                if case .owned(.instance, let id) = resource, try session.showsTags(id) { try tags.checkAsMetadata() }
                try session.setTags(tags, of: resource.description)
            }
        }
    }

    private func checkOwner(of resource: TaggedResource, _ session: Session) throws {
        switch resource {
        case .image(let id):
            let image = try existing(id, session)
            guard image.access(isExcluded: false).isVisible(to: caller) else { throw Failure(.notFound(images: [id])) }
            try image.access(isExcluded: false).refusal(toModify: caller).check()
        case .snapshot(let id): try visibleSnapshot(id, session).refusal(toModify: caller).check()
        case .volume(let id): _ = try ownVolume(id, session)
        case .owned(let kind, let id):
            let isOwn = try session.first("SELECT 1 AS one FROM (\(kind.ofOwner)) WHERE id = ?", try account, id) { _ in true }
            guard isOwn ?? false else { throw Failure(kind.notFound(String(id.prefix(100)))) }
        }
    }

    func describeTags(_ filters: [ResourceFilter]) throws(Failure) -> [TagDescription] {
        for filter in filters where !Self.isTagFilter(filter.name) { throw Failure(.invalid(filter: filter.name)) }
        let owner = try account
        let owned = [
            "SELECT id FROM images WHERE owner = ? AND state <> 'deregistered'",
            "SELECT id FROM snapshots WHERE owner = ? AND recycled_until IS NULL", "SELECT id FROM ebs_volumes WHERE owner = ?",
        ]
        let sources = owned + OwnedKind.allCases.map(\.ofOwner)
        let all = try read("list the tags of \(region.name)") { session in
            try session.rows(
                """
                SELECT resource, key, value FROM tags WHERE resource IN (\(sources.joined(separator: " UNION ALL ")))
                ORDER BY resource, key
                """, sources.map { _ in owner }
            ) { row in
                TagDescription(
                    resource: try TaggedResource(parsing: try row.text("resource")),
                    tag: try Tag(reserved: try row.text("key"), value: try row.text("value")))
            }
        }
        return all.filter { tag in filters.allSatisfy { $0.accepts(Self.values(of: tag, $0.name)) } }
    }

    private static func isTagFilter(_ name: String) -> Bool {
        ["key", "resource-id", "resource-type", "value"].contains(name) || name.hasPrefix(ImageFilterField.tagPrefix)
    }

    private static func values(of tag: TagDescription, _ filter: String) -> [String] {
        switch filter {
        case "key": [tag.tag.key]
        case "value": [tag.tag.value]
        case "resource-id": [tag.resource.description]
        case "resource-type": [tag.resource.kind]
        default: filter.dropFirst(ImageFilterField.tagPrefix.count) == tag.tag.key ? [tag.tag.value] : []
        }
    }
}
