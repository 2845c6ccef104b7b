import Cloud
import Model

struct CreateLaunchTemplate: EC2Action {
    private let creation: LaunchTemplateCreation

    init(_ input: QueryInput) throws(APIError) {
        var creation = LaunchTemplateCreation(
            name: try input.required("LaunchTemplateName"), data: try input.launchTemplateData())
        creation.description = input.string("VersionDescription")
        creation.tags = try input.tagSpecifications("launch-template")["launch-template"] ?? TagSet()
        creation.clientToken = input.string("ClientToken")
        self.creation = creation
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let template = try asking { () throws(Failure) in try call.actions.createLaunchTemplate(creation) }
        answer.element("launchTemplate") { $0.launchTemplate(template) }
    }
}

struct ModifyLaunchTemplate: EC2Action {
    private let reference: LaunchTemplateReference
    private let version: LaunchTemplateSelector

    init(_ input: QueryInput) throws(APIError) {
        reference = try input.launchTemplate()
        _ = input.string("ClientToken")
        version = try LaunchTemplateSelector(asked: try input.required("SetDefaultVersion"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let template = try asking { () throws(Failure) in try call.actions.setDefaultVersion(version, of: reference) }
        answer.element("launchTemplate") { $0.launchTemplate(template) }
    }
}

struct DeleteLaunchTemplate: EC2Action {
    private let reference: LaunchTemplateReference

    init(_ input: QueryInput) throws(APIError) { reference = try input.launchTemplate() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let template = try asking { () throws(Failure) in try call.actions.deleteLaunchTemplate(reference) }
        answer.element("launchTemplate") { $0.launchTemplate(template) }
    }
}

struct DescribeLaunchTemplates: EC2Action {
    private let ids: [LaunchTemplateID]
    private let names: [String]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("LaunchTemplateId").map { text throws(APIError) in try LaunchTemplateID(asked: text) }
        names = try input.strings("LaunchTemplateName")
        filters = try input.filters()
        limit = try input.limit("MaxResults", 1...200)
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.launchTemplates() }
        if let missing = ids.first(where: { id in !all.contains { $0.id == id } }) {
            throw APIError(.notFound(launchTemplate: missing.description))
        }
        if names.contains(where: { name in !all.contains { $0.name == name } }) {
            throw APIError(
                .invalidLaunchTemplateNameNotFound,
                "At least one of the launch templates specified in the request does not exist.")
        }
        let shown = try all.kept { template throws(APIError) in
            guard ids.isEmpty && names.isEmpty || ids.contains(template.id) || names.contains(template.name) else { return false }
            return try filters.accept(
                ["launch-template-name": [template.name], "create-time": [template.created.withMilliseconds]],
                tags: template.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("launchTemplates", page.items) { template, xml in xml.launchTemplate(template) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension LaunchTemplateID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(
                "InvalidLaunchTemplateId.Malformed",
                "The launch template ID '\(text.prefix(60))' is malformed. It must begin with lt-.")
        }
    }
}

extension LaunchTemplateSelector {
    init(asked text: String) throws(APIError) {
        guard let selector = LaunchTemplateSelector(text) else {
            throw APIError(
                "InvalidLaunchTemplateId.VersionNotFound", "The launch template version \(text.prefix(40)) does not exist.")
        }
        self = selector
    }
}

extension QueryInput {
    /// A template by its id or its name, of which there must be one.
    func launchTemplate() throws(APIError) -> LaunchTemplateReference {
        let name = string("LaunchTemplateName")
        guard let id = string("LaunchTemplateId") else {
            guard let name else {
                throw APIError(
                    .missingParameter, "The request must contain the parameter launch template ID or launch template name")
            }
            return .name(name)
        }
        guard name == nil else {
            throw APIError(
                .invalidParameterCombination,
                "Either provide launch template ID or launch template name to modify the template.")
        }
        return .id(try LaunchTemplateID(asked: id))
    }

    func launchTemplateData() throws(APIError) -> [String: String] {
        guard let data = structure("LaunchTemplateData") else { throw .missing("LaunchTemplateData") }
        // Tags that no launch could set are refused where they are written.
        for specification in try data.structures("TagSpecification") { _ = try specification.tags() }
        return try LaunchTemplateField.all.read(data)
    }
}

extension XMLWriter {
    fileprivate mutating func launchTemplate(_ template: LaunchTemplate) {
        element("launchTemplateId", template.id.description)
        element("launchTemplateName", template.name)
        element("createTime", template.created.withMilliseconds)
        element("createdBy", Principal.account(template.owner).description)
        element("defaultVersionNumber", template.defaultVersion)
        element("latestVersionNumber", template.latestVersion)
        tags(template.tags)
    }
}
