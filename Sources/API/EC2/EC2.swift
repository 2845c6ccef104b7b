import HTTPServer

/// Amazon EC2: the Query protocol.
enum EC2 {
    static let version = "2016-11-15"
    private static let namespace = "http://ec2.amazonaws.com/doc/\(version)/"

    /// The actions that there are.
    static let actions: [any EC2Action.Type] = [
        DescribeRegions.self,
        DescribeAvailabilityZones.self,
        DescribeAccountAttributes.self,
        DescribeImages.self,
        CopyImage.self,
        RegisterImage.self,
        DeregisterImage.self,
        DescribeImageAttribute.self,
        ModifyImageAttribute.self,
        ResetImageAttribute.self,
        EnableImage.self,
        DisableImage.self,
        EnableImageDeprecation.self,
        DisableImageDeprecation.self,
        EnableImageDeregistrationProtection.self,
        DisableImageDeregistrationProtection.self,
        GetImageBlockPublicAccessState.self,
        EnableImageBlockPublicAccess.self,
        DisableImageBlockPublicAccess.self,
        CancelImageLaunchPermission.self,
        GetImageAncestry.self,
        DescribeImageReferences.self,
        AttachImageWatermark.self,
        DetachImageWatermark.self,
        GetAllowedImagesSettings.self,
        EnableAllowedImagesSettings.self,
        DisableAllowedImagesSettings.self,
        ReplaceImageCriteriaInAllowedImagesSettings.self,
        ListImagesInRecycleBin.self,
        RestoreImageFromRecycleBin.self,
        DescribeSnapshots.self,
        CreateSnapshot.self,
        CopySnapshot.self,
        DeleteSnapshot.self,
        DescribeSnapshotAttribute.self,
        ModifySnapshotAttribute.self,
        ResetSnapshotAttribute.self,
        CreateSnapshots.self,
        GetSnapshotBlockPublicAccessState.self,
        EnableSnapshotBlockPublicAccess.self,
        DisableSnapshotBlockPublicAccess.self,
        ModifySnapshotTier.self,
        RestoreSnapshotTier.self,
        DescribeSnapshotTierStatus.self,
        LockSnapshot.self,
        UnlockSnapshot.self,
        DescribeLockedSnapshots.self,
        ListSnapshotsInRecycleBin.self,
        RestoreSnapshotFromRecycleBin.self,
        GetEbsEncryptionByDefault.self,
        EnableEbsEncryptionByDefault.self,
        DisableEbsEncryptionByDefault.self,
        GetEbsDefaultKmsKeyId.self,
        ModifyEbsDefaultKmsKeyId.self,
        ResetEbsDefaultKmsKeyId.self,
        DescribeVolumes.self,
        CreateVolume.self,
        DeleteVolume.self,
        AttachVolume.self,
        DetachVolume.self,
        ModifyVolume.self,
        DescribeVolumesModifications.self,
        DescribeVolumeStatus.self,
        DescribeVolumeAttribute.self,
        ModifyVolumeAttribute.self,
        ImportImage.self,
        ImportSnapshot.self,
        ExportImage.self,
        DescribeImportImageTasks.self,
        DescribeImportSnapshotTasks.self,
        DescribeExportImageTasks.self,
        CancelImportTask.self,
        CancelExportTask.self,
        BundleInstance.self,
        DescribeBundleTasks.self,
        CancelBundleTask.self,
        CreateTags.self,
        DeleteTags.self,
        DescribeTags.self,
        RunInstances.self,
        DescribeInstances.self,
        DescribeInstanceStatus.self,
        DescribeInstanceAttribute.self,
        ModifyInstanceAttribute.self,
        ModifyInstanceMetadataOptions.self,
        StartInstances.self,
        StopInstances.self,
        RebootInstances.self,
        TerminateInstances.self,
        GetConsoleOutput.self,
        CreateImage.self,
        MonitorInstances.self,
        UnmonitorInstances.self,
        DescribeInstanceCreditSpecifications.self,
        ModifyInstanceCreditSpecification.self,
        DescribeInstanceTypes.self,
        DescribeInstanceTypeOfferings.self,
        CreateVpc.self,
        CreateDefaultVpc.self,
        DeleteVpc.self,
        DescribeVpcs.self,
        DescribeVpcAttribute.self,
        ModifyVpcAttribute.self,
        ModifyVpcTenancy.self,
        CreateSubnet.self,
        CreateDefaultSubnet.self,
        DeleteSubnet.self,
        DescribeSubnets.self,
        ModifySubnetAttribute.self,
        AssociateVpcCidrBlock.self,
        DisassociateVpcCidrBlock.self,
        AssociateSubnetCidrBlock.self,
        DisassociateSubnetCidrBlock.self,
        CreateDhcpOptions.self,
        DeleteDhcpOptions.self,
        AssociateDhcpOptions.self,
        DescribeDhcpOptions.self,
        CreateRouteTable.self,
        DeleteRouteTable.self,
        AssociateRouteTable.self,
        DisassociateRouteTable.self,
        ReplaceRouteTableAssociation.self,
        CreateRoute.self,
        ReplaceRoute.self,
        DeleteRoute.self,
        DescribeRouteTables.self,
        CreateInternetGateway.self,
        AttachInternetGateway.self,
        DetachInternetGateway.self,
        DeleteInternetGateway.self,
        DescribeInternetGateways.self,
        CreateNetworkInterface.self,
        DeleteNetworkInterface.self,
        AttachNetworkInterface.self,
        DetachNetworkInterface.self,
        DescribeNetworkInterfaceAttribute.self,
        ModifyNetworkInterfaceAttribute.self,
        ResetNetworkInterfaceAttribute.self,
        AssignPrivateIpAddresses.self,
        UnassignPrivateIpAddresses.self,
        AssignIpv6Addresses.self,
        UnassignIpv6Addresses.self,
        AllocateAddress.self,
        ReleaseAddress.self,
        AssociateAddress.self,
        DisassociateAddress.self,
        DescribeAddresses.self,
        DescribeAddressesAttribute.self,
        DescribeNetworkInterfaces.self,
        DescribeNetworkAcls.self,
        CreateSecurityGroup.self,
        DeleteSecurityGroup.self,
        DescribeSecurityGroups.self,
        AuthorizeSecurityGroupIngress.self,
        AuthorizeSecurityGroupEgress.self,
        RevokeSecurityGroupIngress.self,
        RevokeSecurityGroupEgress.self,
        DescribeSecurityGroupRules.self,
        ModifySecurityGroupRules.self,
        UpdateSecurityGroupRuleDescriptionsIngress.self,
        UpdateSecurityGroupRuleDescriptionsEgress.self,
        CreateLaunchTemplate.self,
        CreateLaunchTemplateVersion.self,
        ModifyLaunchTemplate.self,
        DeleteLaunchTemplate.self,
        DeleteLaunchTemplateVersions.self,
        DescribeLaunchTemplates.self,
        DescribeLaunchTemplateVersions.self,
        GetLaunchTemplateData.self,
        CreateKeyPair.self,
        ImportKeyPair.self,
        DeleteKeyPair.self,
        DescribeKeyPairs.self,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: actions.map { ($0.name, $0) })

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        let input = try QueryInput(request)
        guard let name = input.string("Action") else {
            throw APIError("MissingAction", "The request is missing an action or a required parameter.")
        }
        guard let version = input.string("Version"), version == Self.version else {
            throw APIError("NoSuchVersion", "The specified version does not exist.")
        }
        guard let action = byName[name] else {
            throw APIError("InvalidAction", "The action \(name.prefix(100)) is not valid for this web service.")
        }
        var call = call
        call.isDryRun = try input.bool("DryRun") ?? false
        return try answer(action, input, call).response(200, contentType: "text/xml;charset=UTF-8")
    }

    private static func answer(_ type: any EC2Action.Type, _ input: QueryInput, _ call: Call) throws(APIError) -> XMLWriter {
        let input = try type.prepare(input, call)
        let action = try type.init(input)
        try input.checkAllRead()
        var xml = XMLWriter()
        try xml.element("\(type.name)Response", namespace: namespace) { (xml) throws(APIError) in
            xml.element("requestId", call.requestID)
            try action.run(call, &xml)
        }
        return xml
    }
}

/// An action of EC2: its input as a value, and what it does.
protocol EC2Action: Sendable {
    static var name: String { get }
    /// The parameters with what the request only refers to.
    static func prepare(_ input: QueryInput, _ call: Call) throws(APIError) -> QueryInput
    /// Reads all parameters that the action knows.
    init(_ input: QueryInput) throws(APIError)
    /// Does it, and writes the members of the answer.
    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError)
}

extension EC2Action {
    /// As its type is called.
    static var name: String { String(describing: Self.self) }

    static func prepare(_ input: QueryInput, _ call: Call) -> QueryInput { input }
}

extension XMLWriter {
    /// The whole answer of an action that has nothing to say.
    mutating func done() { element("return", true) }
}
