import HTTPServer

/// The services, each with the protocol that it speaks.
package enum Services {
    static func answer(_ request: Request, _ form: WireForm, _ call: Call) throws(APIError) -> Response {
        switch (call.service, form) {
        case ("ec2", .ec2): return try EC2.answer(request, call)
        case ("autoscaling", .query): return try AutoScaling.answer(request, call)
        case ("iam", .query): return try IAM.answer(request, call)
        case ("sts", .query): return try STS.answer(request, call)
        case ("dlm", .rest): return try DLM.answer(request, call)
        case ("ebs", .rest): return try EBS.answer(request, call)
        case ("imagebuilder", .rest): return try ImageBuilder.answer(request, call)
        case ("ssm", .json): return try SSM.answer(request, call)
        case ("kms", .json): return try KMS.answer(request, call)
        default: throw unknown(form)
        }
    }

    /// In the words of each protocol.
    private static func unknown(_ form: WireForm) -> APIError {
        switch form {
        case .ec2, .query: APIError("InvalidAction", "The action is not valid for this web service.")
        case .json: APIError("UnknownOperationException", "There is no such operation.")
        case .rest: APIError("UnknownOperationException", "There is no such operation.", status: 404)
        }
    }

    /// Every action that there is, by service, in the order of its list.
    package static let all: [(service: String, actions: [String])] = [
        ("autoscaling", AutoScaling.actions.map { $0.name }),
        ("dlm", DLM.actions.map { $0.name }),
        ("ebs", EBS.actions.map { $0.name }),
        ("ec2", EC2.actions.map { $0.name }),
        ("iam", IAM.actions.map { $0.name }),
        ("imagebuilder", ImageBuilder.actions.map { $0.name }),
        ("kms", KMS.actions.map { $0.name }),
        ("ssm", SSM.actions.map { $0.name }),
        ("sts", STS.actions.map { $0.name }),
    ]
}
