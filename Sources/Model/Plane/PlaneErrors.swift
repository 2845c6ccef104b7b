// The errors of the plane that several rules give, in AWS's words. "No known text" marks those whose code is documented and whose
// words are ours.
extension PlaneError {
    package static let dryRun = PlaneError(.dryRunOperation, "Request would have succeeded, but DryRun flag is set.")

    // MARK: Images

    package static func malformed(imageID text: String) -> PlaneError {
        PlaneError(.invalidAMIIDMalformed, "Invalid id: \"\(text)\" (expecting \"ami-...\")")
    }

    package static func notFound(images ids: [ImageID]) -> PlaneError {
        let list = ids.map(\.description).joined(separator: ", ")
        let words = ids.count == 1 ? ("id", "does") : ("ids", "do")
        return PlaneError(.invalidAMIIDNotFound, "The image \(words.0) '[\(list)]' \(words.1) not exist")
    }

    package static func unavailable(_ id: ImageID) -> PlaneError {
        PlaneError(.invalidAMIIDUnavailable, "The image id '[\(id)]' is no longer available")
    }

    /// Launching an image that the account may not use.
    package static func notAuthorized(toLaunch id: ImageID) -> PlaneError {
        PlaneError(.authFailure, "Not authorized for images: [\(id)]")
    }

    /// Looking at or changing what is the owner's alone.
    package static func notAuthorized(for id: ImageID) -> PlaneError {
        PlaneError(.authFailure, "Not authorized for image:\(id)")
    }

    package static let noStoragePermission = PlaneError(
        .invalidRequest, "You do not have permission to access the storage of this ami")

    package static let marketplaceCopy = PlaneError(
        .invalidRequest, "Images from AWS Marketplace cannot be copied to another AWS account")

    package static let billingProductCopy = PlaneError(
        .invalidRequest, "Images with EC2 BillingProduct codes cannot be copied to another AWS account")

    /// The address is one of AWS's for a product.
    package static func notSubscribed(to product: ProductCode) -> PlaneError {
        PlaneError(
            .optInRequired,
            """
            In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit \
            https://aws.amazon.com/marketplace/pp?sku=\(product.code)
            """)
    }

    package static func productsNeedStop(_ volume: VolumeID, _ instance: InstanceID) -> PlaneError {
        PlaneError(
            .incorrectInstanceState,
            "Cannot attach volume '\(volume)' with Marketplace codes as the instance '\(instance)' is not in the 'stopped' state."
        )
    }

    /// No known text.
    package static let billingProductsNotAuthorized = PlaneError(
        .authFailure, "Your account is not authorized to specify billing product codes.")

    /// No known text.
    package static func productPublic(_ id: SnapshotID) -> PlaneError {
        PlaneError(.operationNotPermitted, "The snapshot '\(id)' has product codes and can't be shared publicly.")
    }

    package static let managedKeyShared = PlaneError(
        .invalidParameter, "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.")

    package static let encryptedPublic = PlaneError(
        .unsupportedOperation, "Encrypted snapshots can't be shared publicly. Specify another snapshot.")

    package static let publicAccessBlocked = PlaneError(
        .operationNotPermitted,
        """
        You can't publicly share this image because block public access for AMIs is enabled for this account. To publicly share the \
        image, you must call the DisableImageBlockPublicAccess API.
        """)

    package static let snapshotPublicAccessBlocked = PlaneError(
        .operationNotPermitted,
        """
        You can't publicly share this snapshot because block public access for snapshots is enabled for this account. To publicly \
        share the snapshot, you must call the DisableSnapshotBlockPublicAccess API.
        """)

    /// No known text.
    package static func watermarkedPublic(_ id: ImageID) -> PlaneError {
        PlaneError(.operationNotPermitted, "The image \(id) has watermarks and can't be shared publicly.")
    }

    /// No known text.
    package static func productPublic(_ id: ImageID) -> PlaneError {
        PlaneError(.operationNotPermitted, "The image \(id) has product codes and can't be shared publicly.")
    }

    /// No known text.
    package static func protected(_ id: ImageID) -> PlaneError {
        PlaneError(
            .operationNotPermitted,
            "The image \(id) can't be deregistered because deregistration protection is enabled or its cooldown has not ended.")
    }

    package static func nameTaken(_ name: AMIName, by id: ImageID) -> PlaneError {
        PlaneError(.invalidAMINameDuplicate, "AMI name \(name) is already in use by AMI \(id)")
    }

    package static let malformedName = PlaneError(
        .invalidAMINameMalformed,
        "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'")

    package static let disabledNeedsInclude = PlaneError(
        .invalidParameter,
        "When filtering by the 'disabled' state, 'IncludeDisabled' must be set to 'true' in the request.")

    // MARK: Snapshots and volumes

    package static func notFound(snapshot id: SnapshotID) -> PlaneError {
        PlaneError(.invalidSnapshotNotFound, "The snapshot '\(id)' does not exist.")
    }

    package static func malformed(snapshotID text: String) -> PlaneError {
        PlaneError(.invalidSnapshotIDMalformed, "Invalid id: \"\(text)\" (expecting \"snap-...\")")
    }

    package static func inUse(_ snapshot: SnapshotID, by image: ImageID) -> PlaneError {
        PlaneError(.invalidSnapshotInUse, "The snapshot \(snapshot) is currently in use by \(image)")
    }

    package static let defaultKeySnapshotShared = PlaneError(
        .operationNotPermitted, "Encrypted snapshots with EBS default key cannot be shared")

    package static func smaller(_ size: Int, than snapshot: SnapshotID, needing needed: Int) -> PlaneError {
        PlaneError(
            .invalidBlockDeviceMapping,
            "Volume of size \(size)GB is smaller than snapshot '\(snapshot)', expect size >= \(needed)GB")
    }

    package static func notFound(volume id: VolumeID) -> PlaneError {
        PlaneError(.invalidVolumeNotFound, "The volume '\(id)' does not exist.")
    }

    package static func notFound(launchTemplate id: String) -> PlaneError {
        PlaneError(
            .invalidLaunchTemplateIDNotFound, "The specified launch template, with template ID \(id), does not exist.")
    }

    /// A task of VM Import/Export. No known text.
    package static func notFound(conversion id: String) -> PlaneError {
        id.hasPrefix(ExportImageTaskKind.prefix)
            ? PlaneError(.invalidExportTaskIDNotFound, "The export task ID '\(id.prefix(60))' does not exist.")
            : PlaneError(.invalidConversionTaskID, "The conversion task ID '\(id.prefix(60))' does not exist.")
    }

    // MARK: Bundles

    package static let invalidManifest = PlaneError(.invalidManifest, "Invalid AMI manifest")

    package static func missingBundle(_ bucket: String, _ key: String) -> PlaneError {
        PlaneError(
            .invalidManifest,
            "HTTP 404 (Not Found) response for URL http://s3.amazonaws.com:80/\(bucket.prefix(63))/\(key.prefix(1024))")
    }

    /// No known text.
    package static func bundlePlaceTaken(_ bucket: String, _ key: String) -> PlaneError {
        PlaneError(
            .invalidParameter,
            "The bucket \(bucket.prefix(63)) has \(key.prefix(1024)) already, or a bundle task under way writes it. Choose another prefix."
        )
    }

    /// No known text.
    package static let foreignBundle = PlaneError(
        .invalidManifest, "The bundle is not encrypted for the key of this region. Use the region's certificate to make it.")

    /// No known text.
    package static func damagedBundle(_ reason: String) -> PlaneError {
        PlaneError(.invalidManifest, "The bundle cannot be read: \(reason)")
    }

    /// No known text.
    package static func bundlingInProgress(_ instance: InstanceID) -> PlaneError {
        PlaneError(.bundlingInProgress, "The instance '\(instance)' already has a bundling task in progress.")
    }

    package static func notFound(bundle id: String) -> PlaneError {
        PlaneError(.invalidBundleIDNotFound, "The bundle ID '\(id.prefix(60))' does not exist.")
    }

    /// Of what only an instance of an instance store has. No known text.
    package static func notInstanceStore(_ instance: InstanceID) -> PlaneError {
        PlaneError(.unsupportedOperation, "The instance '\(instance)' does not have an 'instance-store' root device type.")
    }

    /// Of what only an instance on EBS has, in the words of EC2's other refusals of it.
    package static func notEBS(_ instance: InstanceID, _ participle: String) -> PlaneError {
        PlaneError(
            .unsupportedOperation,
            "The instance '\(instance)' does not have an 'ebs' root device type and cannot be \(participle).")
    }

    /// No known text.
    package static let instanceStoreEncrypted = PlaneError(
        .invalidParameterCombination, "Images on an instance store can't be encrypted.")

    /// No known text.
    package static func noBucket(_ name: String) -> PlaneError {
        PlaneError(.invalidParameter, "The S3 bucket \(name.prefix(63)) does not exist or cannot be read.")
    }

    // MARK: Requests

    package static func invalid(filter name: String) -> PlaneError {
        PlaneError(.invalidParameterValue, "The filter '\(name)' is invalid")
    }

    /// An instance profile, by its name or its ARN.
    package static func invalid(profile text: String) -> PlaneError {
        let kind = ARN.isMeant(by: text) ? ("arn", "ARN") : ("name", "name")
        return PlaneError(
            .invalidParameterValue,
            "Value (\(text.prefix(200))) for parameter iamInstanceProfile.\(kind.0) is invalid. Invalid IAM Instance Profile \(kind.1)"
        )
    }

    package static func missing(_ parameter: String) -> PlaneError {
        PlaneError(.missingParameter, "The request must contain the parameter \(parameter)")
    }

    package static let tooManyTags = PlaneError(
        .tagLimitExceeded, "The maximum number of Tags for a resource has been reached.")

    package static let tokenMismatch = PlaneError(
        .idempotentParameterMismatch, "The client token was used before, in a request with other parameters.")

    package static func invalid(region text: String) -> PlaneError {
        PlaneError(.invalidRegion, "The region '\(text)' is invalid")
    }
}
