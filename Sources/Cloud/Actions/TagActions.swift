import Model

/// EC2's actions on tags. Every resource must be the account's own.
package protocol TagActions: Sendable {
    /// Adds the tags to all of the resources or to none; where one has a key, the new value wins.
    func createTags(_ tags: TagSet, on resources: [TaggedResource]) throws(Failure)
    /// A tag without a value goes whatever its value; without any tags all go.
    func deleteTags(_ tags: [TagRemoval], from resources: [TaggedResource]) throws(Failure)
    /// The tags of the account's resources that the filters let through: `key`, `resource-id`, `resource-type`, `tag:<key>`, `value`.
    func describeTags(_ filters: [ResourceFilter]) throws(Failure) -> [TagDescription]
}

/// A tag to be removed.
package struct TagRemoval: Hashable, Sendable {
    package var key: String
    /// Nil for any.
    package var value: String?

    package init(key: String, value: String? = nil) {
        self.key = key
        self.value = value
    }
}

/// A tag and what it is on.
package struct TagDescription: Hashable, Sendable {
    package var resource: TaggedResource
    package var tag: Tag

    package init(resource: TaggedResource, tag: Tag) {
        self.resource = resource
        self.tag = tag
    }
}
