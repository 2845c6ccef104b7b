import HTTPServer

/// AWS Systems Manager, Parameter Store, documents and Run Command: JSON 1.1.
enum SSM {
    private static let target = "AmazonSSM."

    static let actions: [any JSONAction.Type] = [
        PutParameter.self,
        GetParameter.self,
        GetParameters.self,
        GetParametersByPath.self,
        GetParameterHistory.self,
        DescribeParameters.self,
        DeleteParameter.self,
        DeleteParameters.self,
        CreateDocument.self,
        UpdateDocument.self,
        UpdateDocumentDefaultVersion.self,
        DeleteDocument.self,
        GetDocument.self,
        DescribeDocument.self,
        ListDocuments.self,
        ListDocumentVersions.self,
        DescribeDocumentPermission.self,
        ModifyDocumentPermission.self,
        SendCommand.self,
        ListCommands.self,
        ListCommandInvocations.self,
        GetCommandInvocation.self,
        CancelCommand.self,
        DescribeInstanceInformation.self,
        LabelParameterVersion.self,
        UnlabelParameterVersion.self,
        AddTagsToResource.self,
        RemoveTagsFromResource.self,
        ListTagsForResource.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try JSONProtocol.answer(request, call, target: target, actions: actions)
    }
}
