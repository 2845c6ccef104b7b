// EndpointPlane: the second end of the plane's protocol. `EndpointActions` conforms to `StorageActions` as the embedded plane does, and asks
// an endpoint for everything, in EC2's own protocol; so the suites of `PlaneUnderTest` run against the plane through its own front door.
import Cloud
import Model
import XML

/// What an account can do with images and disks in a region of an endpoint. Records have what EC2's answers say; `root`, `release` and
/// `parent` are nil, and a snapshot's `logicalSize` is its full size.
package struct EndpointActions: StorageActions {
    let client: EndpointClient
    let isDryRun: Bool

    func ask(_ action: String, _ write: (inout QueryForm) -> Void = { _ in }) throws(Failure) -> XMLElement {
        var form = QueryForm()
        write(&form)
        form.set("DryRun", ifTrue: isDryRun)
        return try client.ask(action, form)
    }

    /// An action whose answer says no more than that it was done.
    func run(_ action: String, _ write: (inout QueryForm) -> Void) throws(Failure) {
        guard try ask(action, write).flag("return") else { throw Failure(.failed, "\(action) answers that it did nothing") }
    }
}

extension QueryForm {
    mutating func tags(_ tags: some Sequence<Tag>) {
        structures("Tag", tags) { tag, form in
            form.set("Key", tag.key)
            form.set("Value", tag.value)
        }
    }

    /// TagSpecification, of the resources that get tags.
    mutating func tagSpecifications(_ specifications: [(type: String, tags: TagSet)]) {
        structures("TagSpecification", specifications.filter { $0.tags.count > 0 }) { specification, form in
            form.set("ResourceType", specification.type)
            form.tags(specification.tags)
        }
    }

    mutating func filters(_ filters: [ResourceFilter]) {
        structures("Filter", filters) { filter, form in
            form.set("Name", filter.name)
            form.list("Value", filter.values.map(\.text))
        }
    }

    mutating func page(_ limit: Int?, after token: PageToken?) {
        set("MaxResults", limit)
        set("NextToken", token?.description)
    }

    mutating func owners(_ owners: [ImageQuery.Owner]) {
        list(
            "Owner",
            owners.map { owner in
                switch owner {
                case .own: "self"
                case .account(let id): id.description
                case .alias(let alias): alias.rawValue
                }
            })
    }

    mutating func executors(_ key: String, _ executors: [ImageQuery.Executor]) {
        list(
            key,
            executors.map { executor in
                switch executor {
                case .own: "self"
                case .everyone: "all"
                case .account(let id): id.description
                }
            })
    }

    /// `LaunchPermission.Add.1.UserId` and its like.
    mutating func permissions(
        _ key: String, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>
    ) {
        structure(key) { form in
            for (word, permissions) in [("Add", added), ("Remove", removed)] {
                form.structures(word, permissions.sorted()) { permission, form in
                    form.set(permission.parameter, permission.grantee)
                }
            }
        }
    }
}

extension LaunchPermission {
    fileprivate var parameter: String {
        switch kind {
        case .account: "UserId"
        case .group: "Group"
        case .organization: "OrganizationArn"
        case .unit: "OrganizationalUnitArn"
        }
    }

    /// One entry of a list of permissions.
    init(_ item: XMLElement) throws(Failure) {
        let kinds: [(String, Kind)] = [
            ("userId", .account), ("group", .group), ("organizationArn", .organization), ("organizationalUnitArn", .unit),
        ]
        for (name, kind) in kinds {
            if let grantee = item.optional(name) {
                try self.init(kind, grantee)
                return
            }
        }
        throw Failure(.corrupt, "a permission of the answer names nobody")
    }
}
