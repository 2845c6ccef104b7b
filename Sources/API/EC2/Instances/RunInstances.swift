import Cloud
import Model

/// Launches instances of an image.
struct RunInstances: EC2Action {
    private let image: String?
    private var launch: InstanceLaunch

    init(_ input: QueryInput) throws(APIError) {
        image = input.string("ImageId")
        let least = try input.int("MinCount")
        guard let least, let most = try input.int("MaxCount") else { throw .missing("MinCount, MaxCount") }
        // Read one way, wherever they come from.
        let parameters = LaunchParameters(
            input.takeAll(but: ["Action", "Version", "DryRun", "MinCount", "MaxCount", "LaunchTemplate"]))
        launch = try asking { () throws(Failure) in
            var launch = try InstanceLaunch(parameters, least: least, most: most)
            launch.clientToken = parameters.string("ClientToken")
            return launch
        }
        if let name = parameters.unread { throw QueryInput.unknown(name) }
        launch.template = try input.structure("LaunchTemplate").map { template throws(APIError) in
            InstanceLaunch.Template(
                id: try LaunchTemplateID(asked: try template.required("LaunchTemplateId")),
                version: try template.int("Version") ?? 1)
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        var launch = launch
        let reference = InstanceLaunch.imageReference
        if let image, image.hasPrefix(reference) {
            launch.image = try ImageID(asked: try call.imageParameter(String(image.dropFirst(reference.count))))
        }
        let ready = launch
        let made = try asking { () throws(Failure) in try call.actions.runInstances(ready) }
        let names = try call.groupNames()
        answer.reservation(made, call, names)
    }
}

extension Call {
    /// The names of the account's security groups.
    func groupNames() throws(APIError) -> [SecurityGroupID: String] {
        // A dry run has ended by now.
        let groups = try asking { () throws(Failure) in try actions.securityGroups() }
        return Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0.name) })
    }
}
