/// An error of the plane, as AWS reports it: a code that programs switch over, and a message for people.
///
/// The rules of the plane give it out; a `Failure` carries it upwards, and an endpoint answers with it word for word.
package struct PlaneError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: Code
    /// AWS's own words where they are known.
    package let message: String
    /// Of an answer over HTTP.
    package let httpStatus: Int

    package init(_ code: Code, _ message: String, httpStatus: Int? = nil) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus ?? code.httpStatus
    }

    package var description: String { "\(code.rawValue): \(message)" }

    /// AWS's error codes of EC2, EBS direct, Recycle Bin, KMS and Systems Manager.
    package enum Code: String, Sendable, CaseIterable {
        case authFailure = "AuthFailure"
        case bundlingInProgress = "BundlingInProgress"
        case cannotDelete = "CannotDelete"
        case dependencyViolation = "DependencyViolation"
        case dryRunOperation = "DryRunOperation"
        case idempotentParameterMismatch = "IdempotentParameterMismatch"
        case incorrectState = "IncorrectState"
        case incorrectInstanceState = "IncorrectInstanceState"
        case internalError = "InternalError"
        case invalidAMIAttributeItemValue = "InvalidAMIAttributeItemValue"
        case invalidAMIIDMalformed = "InvalidAMIID.Malformed"
        case invalidAMIIDNotFound = "InvalidAMIID.NotFound"
        case invalidAMIIDUnavailable = "InvalidAMIID.Unavailable"
        case invalidAMINameDuplicate = "InvalidAMIName.Duplicate"
        case invalidAMINameMalformed = "InvalidAMIName.Malformed"
        case invalidBlockDeviceMapping = "InvalidBlockDeviceMapping"
        case invalidBundleIDNotFound = "InvalidBundleID.NotFound"
        case invalidConversionTaskID = "InvalidConversionTaskId"
        case invalidConversionTaskIDMalformed = "InvalidConversionTaskId.Malformed"
        case invalidExportTaskIDMalformed = "InvalidExportTaskID.Malformed"
        case invalidExportTaskIDNotFound = "InvalidExportTaskID.NotFound"
        case invalidFormat = "InvalidFormat"
        case invalidGroupDuplicate = "InvalidGroup.Duplicate"
        case invalidGroupNotFound = "InvalidGroup.NotFound"
        case invalidID = "InvalidID"
        case invalidInstanceAttribute = "InvalidInstanceAttributeValue"
        case invalidInstanceIDNotFound = "InvalidInstanceID.NotFound"
        case invalidKeyFormat = "InvalidKey.Format"
        case invalidKeyPairDuplicate = "InvalidKeyPair.Duplicate"
        case invalidKeyPairNotFound = "InvalidKeyPair.NotFound"
        case invalidManifest = "InvalidManifest"
        case invalidNextToken = "InvalidNextToken"
        case invalidParameter = "InvalidParameter"
        case invalidParameterCombination = "InvalidParameterCombination"
        case invalidParameterDependency = "InvalidParameterDependency"
        case invalidParameterValue = "InvalidParameterValue"
        case invalidPermissionDuplicate = "InvalidPermission.Duplicate"
        case invalidPermissionNotFound = "InvalidPermission.NotFound"
        case invalidRegion = "InvalidRegion"
        case invalidRequest = "InvalidRequest"
        case invalidSnapshotIDMalformed = "InvalidSnapshotID.Malformed"
        case invalidSnapshotInUse = "InvalidSnapshot.InUse"
        case invalidSnapshotNotFound = "InvalidSnapshot.NotFound"
        case invalidSubnetNotFound = "InvalidSubnetID.NotFound"
        case unknownParameter = "UnknownParameter"
        case invalidUserDataMalformed = "InvalidUserData.Malformed"
        case unsupportedHibernationConfiguration = "UnsupportedHibernationConfiguration"
        case invalidVPCNotFound = "InvalidVpcID.NotFound"
        case invalidVolumeIDMalformed = "InvalidVolumeID.Malformed"
        case invalidVolumeNotFound = "InvalidVolume.NotFound"
        case invalidZoneNotFound = "InvalidZone.NotFound"
        case missingParameter = "MissingParameter"
        case operationNotPermitted = "OperationNotPermitted"
        case optInRequired = "OptInRequired"
        case resourceLimitExceeded = "ResourceLimitExceeded"
        case snapshotLimitExceeded = "SnapshotLimitExceeded"
        case tagLimitExceeded = "TagLimitExceeded"
        case unsupportedOperation = "UnsupportedOperation"
        case vpcIDNotSpecified = "VPCIdNotSpecified"
        case volumeInUse = "VolumeInUse"
        case volumeLimitExceeded = "VolumeLimitExceeded"
        // KMS's.
        case accessDeniedException = "AccessDeniedException"
        case alreadyExistsException = "AlreadyExistsException"
        case disabledException = "DisabledException"
        case dryRunOperationException = "DryRunOperationException"
        case expiredImportTokenException = "ExpiredImportTokenException"
        case incorrectKeyException = "IncorrectKeyException"
        case incorrectKeyMaterialException = "IncorrectKeyMaterialException"
        case invalidARNException = "InvalidArnException"
        case invalidCiphertextException = "InvalidCiphertextException"
        case invalidGrantTokenException = "InvalidGrantTokenException"
        case invalidImportTokenException = "InvalidImportTokenException"
        case invalidKeyUsageException = "InvalidKeyUsageException"
        case invalidMarkerException = "InvalidMarkerException"
        case kmsInternalException = "KMSInternalException"
        case kmsInvalidMACException = "KMSInvalidMacException"
        case kmsInvalidSignatureException = "KMSInvalidSignatureException"
        case kmsInvalidStateException = "KMSInvalidStateException"
        case kmsNotFoundException = "NotFoundException"
        case limitExceededException = "LimitExceededException"
        case malformedPolicyDocumentException = "MalformedPolicyDocumentException"
        case notAuthorizedException = "NotAuthorizedException"
        case tagException = "TagException"
        case unsupportedOperationException = "UnsupportedOperationException"
        case validationException = "ValidationException"

        // EBS direct: these are AWS's reasons, behind one code.
        case invalidBlock = "INVALID_BLOCK"
        case invalidBlockToken = "INVALID_BLOCK_TOKEN"
        case invalidVolumeSize = "INVALID_VOLUME_SIZE"

        // Auto Scaling.
        case activeInstanceRefreshNotFound = "ActiveInstanceRefreshNotFound"
        case alreadyExists = "AlreadyExists"
        case instanceRefreshInProgress = "InstanceRefreshInProgress"
        case irreversibleInstanceRefresh = "IrreversibleInstanceRefresh"
        case resourceInUse = "ResourceInUse"
        case validationError = "ValidationError"

        // Identities.
        case deleteConflict = "DeleteConflict"
        case entityAlreadyExists = "EntityAlreadyExists"
        case limitExceeded = "LimitExceeded"
        case malformedPolicyDocument = "MalformedPolicyDocument"
        case noSuchEntity = "NoSuchEntity"

        // Data Lifecycle Manager and Image Builder.
        case invalidRequestException = "InvalidRequestException"
        case resourceNotFoundException = "ResourceNotFoundException"

        // Launch templates.
        case invalidLaunchTemplateIDNotFound = "InvalidLaunchTemplateId.NotFound"
        case invalidLaunchTemplateNameAlreadyExists = "InvalidLaunchTemplateName.AlreadyExistsException"
        case invalidLaunchTemplateNameMalformed = "InvalidLaunchTemplateName.MalformedException"
        case invalidLaunchTemplateNameNotFound = "InvalidLaunchTemplateName.NotFoundException"
        case invalidLaunchTemplateVersionNotFound = "InvalidLaunchTemplateId.VersionNotFound"
        // Systems Manager.
        case documentAlreadyExists = "DocumentAlreadyExists"
        case documentLimitExceeded = "DocumentLimitExceeded"
        case documentPermissionLimit = "DocumentPermissionLimit"
        case documentVersionLimitExceeded = "DocumentVersionLimitExceeded"
        case duplicateDocumentContent = "DuplicateDocumentContent"
        case duplicateDocumentVersionName = "DuplicateDocumentVersionName"
        case invalidCommandID = "InvalidCommandId"
        case invalidDocument = "InvalidDocument"
        case invalidDocumentContent = "InvalidDocumentContent"
        case invalidDocumentOperation = "InvalidDocumentOperation"
        case invalidDocumentSchemaVersion = "InvalidDocumentSchemaVersion"
        case invalidDocumentVersion = "InvalidDocumentVersion"
        case invalidParameters = "InvalidParameters"
        case invalidInstanceID = "InvalidInstanceId"

        // Volumes.
        case invalidAttachmentNotFound = "InvalidAttachment.NotFound"
        case invalidVolumeZoneMismatch = "InvalidVolume.ZoneMismatch"

        // Parameters.
        case hierarchyTypeMismatch = "HierarchyTypeMismatchException"
        case incompatiblePolicy = "IncompatiblePolicyException"
        case invalidAllowedPattern = "InvalidAllowedPatternException"
        case invalidKeyID = "InvalidKeyId"
        case invalidPolicyAttribute = "InvalidPolicyAttributeException"
        case invalidPolicyType = "InvalidPolicyTypeException"
        case parameterPatternMismatch = "ParameterPatternMismatchException"
        case policiesLimitExceeded = "PoliciesLimitExceededException"
        case parameterMaxVersionLimitExceeded = "ParameterMaxVersionLimitExceeded"
        case parameterVersionLabelLimitExceeded = "ParameterVersionLabelLimitExceeded"
        case parameterVersionNotFound = "ParameterVersionNotFound"

        // Networks.
        case alreadyAssociated = "Resource.AlreadyAssociated"
        case defaultSubnetExists = "DefaultSubnetAlreadyExistsInAvailabilityZone"
        case cidrConflict = "CidrConflict"
        case cidrLimitExceeded = "CidrLimitExceeded"
        case defaultVPCExists = "DefaultVpcAlreadyExists"
        case defaultVPCNotFound = "DefaultVpcDoesNotExist"
        case invalidAttachmentIDNotFound = "InvalidAttachmentID.NotFound"
        case invalidAddressNotFound = "InvalidAddress.NotFound"
        case invalidAllocationNotFound = "InvalidAllocationID.NotFound"
        case invalidDHCPOptionsNotFound = "InvalidDhcpOptionID.NotFound"
        case invalidDHCPOptionsMalformed = "InvalidDhcpOptionsId.Malformed"
        case invalidInstanceIDValue = "InvalidInstanceID"
        case invalidInput = "InvalidInput"
        case invalidNetworkInterfaceInUse = "InvalidNetworkInterface.InUse"
        case invalidSubnetBlockNotFound = "InvalidSubnetCidrBlockAssociationID.NotFound"
        case invalidVPCBlockNotFound = "InvalidVpcCidrBlockAssociationID.NotFound"
        case addressLimitExceeded = "AddressLimitExceeded"
        case attachmentLimitExceeded = "AttachmentLimitExceeded"
        case groupsPerInterfaceExceeded = "SecurityGroupsPerInterfaceLimitExceeded"
        case privateAddressLimitExceeded = "PrivateIpAddressLimitExceeded"
        case missingInput = "MissingInput"
        case gatewayNotAttached = "Gateway.NotAttached"
        case invalidAssociationNotFound = "InvalidAssociationID.NotFound"
        case insufficientFreeAddresses = "InsufficientFreeAddressesInSubnet"
        case invalidIPAddressInUse = "InvalidIPAddress.InUse"
        case invalidGatewayNotFound = "InvalidInternetGatewayID.NotFound"
        case invalidNetworkInterfaceNotFound = "InvalidNetworkInterfaceID.NotFound"
        case invalidRouteNotFound = "InvalidRoute.NotFound"
        case invalidRouteTableNotFound = "InvalidRouteTableID.NotFound"
        case invalidSecurityGroupRuleNotFound = "InvalidSecurityGroupRuleId.NotFound"
        case invalidSubnetConflict = "InvalidSubnet.Conflict"
        case invalidSubnetRange = "InvalidSubnet.Range"
        case invalidVPCRange = "InvalidVpc.Range"
        case routeAlreadyExists = "RouteAlreadyExists"
        case rulesPerGroupExceeded = "RulesPerSecurityGroupLimitExceeded"

        /// EC2 answers 400 to nearly everything.
        package var httpStatus: Int {
            switch self {
            case .dryRunOperation: 412
            case .optInRequired: 401
            case .resourceNotFoundException: 404
            case .internalError, .kmsInternalException: 500
            default: 400
            }
        }

        /// What kind of failure it is to a command.
        package var failureCode: Failure.Code {
            switch self {
            case .invalidAMIIDNotFound, .invalidSnapshotNotFound, .invalidVolumeNotFound, .invalidRegion, .invalidZoneNotFound,
                .invalidGroupNotFound, .invalidInstanceIDNotFound, .invalidKeyPairNotFound, .invalidPermissionNotFound,
                .invalidSubnetNotFound,
                .invalidVPCNotFound, .kmsNotFoundException:
                .notFound
            case .accessDeniedException, .disabledException, .authFailure, .cannotDelete, .operationNotPermitted,
                .optInRequired,
                .unsupportedOperation:
                .denied
            case .invalidAMIIDUnavailable, .invalidAMINameDuplicate, .invalidSnapshotInUse, .incorrectState,
                .idempotentParameterMismatch, .volumeInUse, .dependencyViolation, .incorrectInstanceState, .invalidGroupDuplicate,
                .invalidKeyPairDuplicate, .invalidPermissionDuplicate, .alreadyExistsException, .kmsInvalidStateException:
                .conflict
            case .resourceLimitExceeded, .snapshotLimitExceeded, .tagLimitExceeded, .volumeLimitExceeded,
                .limitExceededException:
                .exhausted
            case .dryRunOperation, .dryRunOperationException: .cancelled
            case .internalError, .kmsInternalException: .bug
            default: kindByWords
            }
        }

        /// What AWS's naming of codes tells.
        private var kindByWords: Failure.Code {
            if rawValue.contains("NotFound") || self == .noSuchEntity { return .notFound }
            if rawValue.hasSuffix("LimitExceeded") { return .exhausted }
            let isConflict = ["Already", "Conflict", "InProgress", "InUse", "NotAttached"].contains { rawValue.contains($0) }
            return isConflict ? .conflict : .invalid
        }
    }
}

extension Failure {
    /// An error of the plane as a failure: its words, and the error itself for whoever answers as AWS does.
    package init(_ error: PlaneError, hint: String? = nil) {
        self.init(error.code.failureCode, error.message, hint: hint)
        planeError = error
    }

    /// The failure in its own words, and the error that an endpoint answers with in AWS's.
    package func answered(_ code: PlaneError.Code, _ message: String? = nil) -> Failure {
        var failure = self
        failure.planeError = PlaneError(code, message ?? self.message)
        return failure
    }
}

extension Optional where Wrapped == PlaneError {
    /// Throws the error that a rule found, if it found one.
    package func check() throws(Failure) {
        if let error = self { throw Failure(error) }
    }
}
