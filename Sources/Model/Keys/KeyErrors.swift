// KMS's errors that several rules give, in AWS's words where they are known.
extension PlaneError {
    package static func accessDenied(_ operation: KeyOperation, to principal: Principal, on key: KeyARN, isForbidden: Bool)
        -> PlaneError
    {
        let reason =
            isForbidden
            ? "with an explicit deny in a resource-based policy"
            : "because no resource-based policy allows the \(operation.action) action"
        return PlaneError(
            .accessDeniedException,
            "User: \(principal) is not authorized to perform: \(operation.action) on resource: \(key) \(reason)")
    }

    package static func notFound(key: KeyARN) -> PlaneError {
        PlaneError(.kmsNotFoundException, "Key '\(key)' does not exist")
    }

    package static func notFound(alias: AliasName, in region: RegionName, of account: AccountID) -> PlaneError {
        PlaneError(.kmsNotFoundException, "Alias \(alias.arn(in: region, of: account)) is not found.")
    }

    package static func invalid(keyID text: String) -> PlaneError {
        PlaneError(.kmsNotFoundException, "Invalid keyId \(text.prefix(300))")
    }

    package static let invalidCiphertext = PlaneError(.invalidCiphertextException, "The ciphertext is invalid.")

    package static let incorrectKey = PlaneError(
        .incorrectKeyException,
        "The key ID in the request does not identify a CMK that can perform this operation.")

    package static func invalidUsage(_ usage: KeyUsage, for operation: String, on key: KeyARN) -> PlaneError {
        PlaneError(.invalidKeyUsageException, "\(key) key usage is \(usage.rawValue) which is not valid for \(operation).")
    }

    package static let lockout = PlaneError(
        .malformedPolicyDocumentException, "The new key policy will not allow you to update the key policy in the future.")

    package static func unsupported(_ message: String) -> PlaneError { PlaneError(.unsupportedOperationException, message) }

    package static func kmsValidation(_ message: String) -> PlaneError { PlaneError(.validationException, message) }

    /// Of the blocks of a snapshot whose key the caller may not use, or nobody now.
    package static func closedKey(of snapshot: SnapshotID) -> PlaneError {
        PlaneError(.accessDeniedException, "The KMS key of the snapshot \(snapshot) is not accessible.")
    }
}
