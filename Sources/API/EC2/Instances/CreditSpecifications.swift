import Cloud
import Model

/// What instances of burstable types do when their credits are used up.
struct DescribeInstanceCreditSpecifications: EC2Action {
    private let ids: [InstanceID]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.instanceIDs()
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.instances() }
        let missing = ids.filter { id in !all.contains { $0.id == id } }
        guard missing.isEmpty else { throw APIError(.notFound(instances: missing)) }
        let shown = try all.kept { instance throws(APIError) in
            // Without ids only those are told that were changed to unlimited.
            let isAsked =
                ids.isEmpty
                ? instance.type.isBurstable && instance.state != .terminated && instance.cpuCredits == .unlimited
                : ids.contains(instance.id)
            return isAsked ? try filters.accept(["instance-id": [instance.id.description]]) : false
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("instanceCreditSpecificationSet", page.items) { instance, xml in
            xml.element("instanceId", instance.id.description)
            xml.element("cpuCredits", instance.cpuCredits.rawValue)
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

/// Each instance by itself: those that can be changed are.
struct ModifyInstanceCreditSpecification: EC2Action {
    private let changes: [(id: InstanceID, credits: CPUCredits)]

    init(_ input: QueryInput) throws(APIError) {
        changes = try input.structures("InstanceCreditSpecification").map { entry throws(APIError) in
            let word = try entry.required("CpuCredits")
            guard let credits = CPUCredits(rawValue: word) else { throw .invalid(word, of: "CpuCredits") }
            return (try InstanceID(asked: try entry.required("InstanceId")), credits)
        }
        guard !changes.isEmpty else { throw .missing("InstanceCreditSpecification") }
        _ = input.string("ClientToken")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        var done: [InstanceID] = []
        var refused: [(id: InstanceID, error: APIError)] = []
        for (id, credits) in changes {
            do throws(APIError) {
                try asking { () throws(Failure) in try call.actions.modifyInstances([id], .credits(credits)) }
                done.append(id)
            } catch {
                if error.code == APIError.dryRun.code { throw error }
                refused.append((id, error))
            }
        }
        answer.list("successfulInstanceCreditSpecificationSet", done) { id, xml in xml.element("instanceId", id.description) }
        answer.list("unsuccessfulInstanceCreditSpecificationSet", refused) { item, xml in
            xml.element("instanceId", item.id.description)
            xml.element("error") { xml in
                xml.element("code", item.error.code)
                xml.element("message", item.error.message)
            }
        }
    }
}
