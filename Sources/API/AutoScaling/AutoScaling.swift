import Cloud
import HTTPServer
import Model

/// Amazon EC2 Auto Scaling: Query in its older frame.
enum AutoScaling {
    private static let version = "2011-01-01"
    private static let namespace = "http://autoscaling.amazonaws.com/doc/\(version)/"

    static let actions: [any QueryAction.Type] = [
        CreateAutoScalingGroup.self,
        UpdateAutoScalingGroup.self,
        DeleteAutoScalingGroup.self,
        DescribeAutoScalingGroups.self,
        DescribeAutoScalingInstances.self,
        SetDesiredCapacity.self,
        TerminateInstanceInAutoScalingGroup.self,
        SetInstanceHealth.self,
        SetInstanceProtection.self,
        DescribeScalingActivities.self,
        StartInstanceRefresh.self,
        CancelInstanceRefresh.self,
        RollbackInstanceRefresh.self,
        DescribeInstanceRefreshes.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try QueryProtocol.answer(request, call, version: version, namespace: namespace, actions: actions)
    }
}

extension QueryInput {
    func groupName() throws(APIError) -> String {
        let name = try required("AutoScalingGroupName")
        guard name.utf8.count <= 255, !name.contains(":") else {
            throw APIError(.validationError, "The name of the group is longer than 255 bytes, or has a colon")
        }
        return name
    }

    /// A template with its version, where one is named.
    func groupTemplate(_ key: String = "LaunchTemplate") throws(APIError) -> GroupTemplate? {
        guard let template = structure(key) else { return nil }
        let version = template.string("Version") ?? "$Default"
        if let id = template.string("LaunchTemplateId") {
            guard template.string("LaunchTemplateName") == nil else {
                throw APIError(
                    .validationError, "Valid requests must contain either launchTemplateId or LaunchTemplateName")
            }
            return GroupTemplate(reference: .id(try LaunchTemplateID(asked: id)), version: version)
        }
        guard let name = template.string("LaunchTemplateName") else {
            throw APIError(
                .validationError, "Valid requests must contain either launchTemplateId or LaunchTemplateName")
        }
        return GroupTemplate(reference: .name(name), version: version)
    }

    func scalingPage() throws(APIError) -> (limit: Int, token: PageToken?) {
        (try limit("MaxRecords", 1...100) ?? 100, try pageToken())
    }
}

extension XMLWriter {
    mutating func template(_ id: LaunchTemplateID, _ name: String, _ version: String) {
        element("LaunchTemplate") { xml in
            xml.element("LaunchTemplateId", id.description)
            xml.element("LaunchTemplateName", name)
            xml.element("Version", version)
        }
    }

    mutating func activity(_ activity: ScalingActivity, _ call: Call) {
        element("ActivityId", activity.id)
        element("AutoScalingGroupName", activity.group)
        element("Description", activity.description)
        element("Cause", activity.cause)
        element("StartTime", activity.started.withMilliseconds)
        element("EndTime", activity.started.withMilliseconds)
        element("StatusCode", activity.isSuccessful ? "Successful" : "Failed")
        element("StatusMessage", ifPresent: activity.message)
        element("Progress", 100)
        element("Details", "{}")
    }
}
