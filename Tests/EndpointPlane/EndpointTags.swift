import Cloud
import Model
import XML

extension EndpointActions {
    package func createTags(_ tags: TagSet, on resources: [TaggedResource]) throws(Failure) {
        try run("CreateTags") { form in
            form.list("ResourceId", resources)
            form.tags(tags)
        }
    }

    package func deleteTags(_ tags: [TagRemoval], from resources: [TaggedResource]) throws(Failure) {
        try run("DeleteTags") { form in
            form.list("ResourceId", resources)
            form.structures("Tag", tags) { tag, form in
                form.set("Key", tag.key)
                form.set("Value", tag.value)
            }
        }
    }

    package func describeTags(_ filters: [ResourceFilter]) throws(Failure) -> [TagDescription] {
        try ask("DescribeTags") { $0.filters(filters) }.items("tagSet") { item throws(Failure) in
            let resource = try TaggedResource(parsing: try item.text("resourceId"))
            guard try item.text("resourceType") == resource.kind else {
                throw Failure(.corrupt, "\(resource) is called another kind of resource")
            }
            return TagDescription(resource: resource, tag: try Tag(reserved: try item.text("key"), value: try item.text("value")))
        }
    }
}
