import HTTPServer

/// AWS Key Management Service: JSON 1.1.
enum KMS {
    private static let target = "TrentService."

    static let actions: [any JSONAction.Type] = [
        CreateKey.self, DescribeKey.self, ListKeys.self, UpdateKeyDescription.self, EnableKey.self, DisableKey.self,
        ScheduleKeyDeletion.self, CancelKeyDeletion.self,
        GetKeyPolicy.self, PutKeyPolicy.self, ListKeyPolicies.self,
        TagResource.self, UntagResource.self, ListResourceTags.self,
        CreateAlias.self, UpdateAlias.self, DeleteAlias.self, ListAliases.self,
        CreateGrant.self, ListGrants.self, ListRetirableGrants.self, RetireGrant.self, RevokeGrant.self,
        EnableKeyRotation.self, DisableKeyRotation.self, GetKeyRotationStatus.self, RotateKeyOnDemand.self,
        ListKeyRotations.self,
        GetParametersForImport.self, ImportKeyMaterial.self, DeleteImportedKeyMaterial.self,
        ReplicateKey.self, UpdatePrimaryRegion.self,
        Encrypt.self, Decrypt.self, ReEncrypt.self,
        GenerateDataKey.self, GenerateDataKeyWithoutPlaintext.self, GenerateDataKeyPair.self,
        GenerateDataKeyPairWithoutPlaintext.self, GenerateRandom.self,
        GetPublicKey.self, Sign.self, Verify.self, GenerateMac.self, VerifyMac.self,
        DeriveSharedSecret.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try JSONProtocol.answer(request, call, target: target, actions: actions)
    }
}
