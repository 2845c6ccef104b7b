import Cloud
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// boto3 and openssl bring keys their material.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing), .enabled(if: Shell.has("openssl"), "needs openssl: make setup"))
struct ImportClientTests {
    /// Wraps material with openssl, which knows nothing of this program: `wrap(material, parameters, algorithm)`.
    private static let words = """
        import os, subprocess, tempfile, time
        kms = client("kms")
        def openssl(*words, data=b""):
            return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout
        def oaep(data, public, digest):
            with tempfile.NamedTemporaryFile() as f:
                f.write(public); f.flush()
                return openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", f.name, "-keyform", "DER", "-pkeyopt", "rsa_padding_mode:oaep",
                    "-pkeyopt", "rsa_oaep_md:" + digest, "-pkeyopt", "rsa_mgf1_md:" + digest, data=data)
        def wrap(material, parameters, algorithm):
            digest = "sha1" if algorithm.endswith("_1") else "sha256"
            if algorithm.startswith("RSAES"): return oaep(material, parameters["PublicKey"], digest)
            inner = os.urandom(32)
            # -id-aes256-wrap-pad, RFC 5649.
            sealed = openssl("enc", "-id-aes256-wrap-pad", "-K", inner.hex(), "-iv", "A65959A6", data=material)
            return oaep(inner, parameters["PublicKey"], digest) + sealed
        def parameters(key, algorithm="RSAES_OAEP_SHA_256", spec="RSA_2048"):
            return kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec=spec)
        def bring(key, material, algorithm="RSAES_OAEP_SHA_256", spec="RSA_2048", **more):
            p = parameters(key, algorithm, spec)
            more = more or {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
            return kms.import_key_material(KeyId=key, ImportToken=p["ImportToken"], EncryptedKeyMaterial=wrap(material, p, algorithm), **more)
        def external(**more): return kms.create_key(Origin="EXTERNAL", **more)["KeyMetadata"]["KeyId"]
        def state(key): return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]

        """

    @Test("material comes wrapped in each way, the key then works, and only the same material ever comes back")
    func life() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.words + """
                    key = external(); print(state(key), fails(lambda: kms.encrypt(KeyId=key, Plaintext=b"a")))
                    material = os.urandom(32)
                    print(fails(lambda: bring(key, material[:16])), state(key))
                    done = bring(key, material); print(state(key), len(done["KeyMaterialId"]))
                    sealed = kms.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
                    m = kms.describe_key(KeyId=key)["KeyMetadata"]; print(m["Origin"], m["ExpirationModel"], m["CurrentKeyMaterialId"] == done["KeyMaterialId"])
                    kms.delete_imported_key_material(KeyId=key); print(state(key), fails(lambda: kms.decrypt(CiphertextBlob=sealed)))
                    print(fails(lambda: bring(key, os.urandom(32))))
                    for algorithm in ["RSAES_OAEP_SHA_1", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"]:
                        for spec in ["RSA_2048", "RSA_3072", "RSA_4096"]:
                            kms.delete_imported_key_material(KeyId=key); bring(key, material, algorithm, spec)
                    print(kms.decrypt(CiphertextBlob=sealed)["Plaintext"])
                    kms.disable_key(KeyId=key); bring(key, material); print(state(key)); kms.enable_key(KeyId=key)
                    print(fails(lambda: bring(key, material, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE", ImportType="NEW_KEY_MATERIAL")))
                    print(fails(lambda: kms.rotate_key_on_demand(KeyId=key)), fails(lambda: kms.enable_key_rotation(KeyId=key)))
                    own = kms.create_key()["KeyMetadata"]["KeyId"]
                    print(fails(lambda: parameters(own)), fails(lambda: kms.delete_imported_key_material(KeyId=own)))
                    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7); print(fails(lambda: bring(key, material)))
                    kms.delete_imported_key_material(KeyId=key); print(state(key)); kms.cancel_key_deletion(KeyId=key); print(state(key))
                    """)
            #expect(
                output == """
                    PendingImport ('KMSInvalidStateException', 400)
                    ('IncorrectKeyMaterialException', 400) PendingImport
                    Enabled 64
                    EXTERNAL KEY_MATERIAL_DOES_NOT_EXPIRE True
                    PendingImport ('KMSInvalidStateException', 400)
                    ('IncorrectKeyMaterialException', 400)
                    b'hello'
                    Disabled
                    ('UnsupportedOperationException', 400)
                    ('UnsupportedOperationException', 400) ('UnsupportedOperationException', 400)
                    ('UnsupportedOperationException', 400) ('UnsupportedOperationException', 400)
                    ('KMSInvalidStateException', 400)
                    PendingDeletion
                    PendingImport

                    """)
        }
    }

    @Test("codes and pairs are made elsewhere too: what openssl signs with the same key is what the key signs")
    func pairs() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.words + """
                    import hmac, hashlib
                    key = external(KeySpec="HMAC_384", KeyUsage="GENERATE_VERIFY_MAC"); secret = os.urandom(48); bring(key, secret)
                    print(kms.generate_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_384")["Mac"] == hmac.new(secret, b"m", hashlib.sha384).digest())
                    def pair(*words): return openssl("pkcs8", "-topk8", "-nocrypt", "-inform", "PEM", "-outform", "DER", data=openssl("genpkey", *words))
                    ec = pair("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"); rsa = pair("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
                    for spec, secret in (("ECC_NIST_P384", ec), ("RSA_2048", rsa)):
                        key = external(KeySpec=spec, KeyUsage="SIGN_VERIFY"); bring(key, secret, "RSA_AES_KEY_WRAP_SHA_256", "RSA_4096")
                        public = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", data=secret)
                        print(kms.get_public_key(KeyId=key)["PublicKey"] == public)
                    key = external(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
                    print(fails(lambda: bring(key, ec, "RSA_AES_KEY_WRAP_SHA_256")), fails(lambda: bring(key, rsa, "RSA_AES_KEY_WRAP_SHA_256")))
                    """)
            #expect(
                output == """
                    True
                    True
                    True
                    ('IncorrectKeyMaterialException', 400) ('IncorrectKeyMaterialException', 400)

                    """)
        }
    }

    @Test("a token is of one key and one day, and nothing that was changed is taken")
    func tokens() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.words + """
                    a, b = external(), external(); p = parameters(a); sealed = wrap(os.urandom(32), p, "RSAES_OAEP_SHA_256")
                    def put(key, token, bytes): return kms.import_key_material(KeyId=key, ImportToken=token, EncryptedKeyMaterial=bytes, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
                    print(fails(lambda: put(b, p["ImportToken"], sealed)))
                    seen = set()
                    for n in range(0, len(p["ImportToken"]), 37):
                        changed = bytearray(p["ImportToken"]); changed[n] ^= 1; seen.add(fails(lambda: put(a, bytes(changed), sealed)))
                        seen.add(fails(lambda: put(a, p["ImportToken"][:n or 1], sealed)))
                    print(seen); seen = set()
                    for n in range(0, len(sealed), 11):
                        changed = bytearray(sealed); changed[n] ^= 1; seen.add(fails(lambda: put(a, p["ImportToken"], bytes(changed))))
                        seen.add(fails(lambda: put(a, p["ImportToken"], sealed[:n or 1])))
                    print(seen, state(a))
                    future = time.time() + 3600
                    print(fails(lambda: bring(a, b"x" * 32, ExpirationModel="KEY_MATERIAL_EXPIRES")), fails(lambda: bring(a, b"x" * 32, ValidTo=1)))
                    print(fails(lambda: bring(a, b"x" * 32, ValidTo=future + 400 * 86400)), fails(lambda: bring(a, b"x" * 32, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE", ValidTo=future)))
                    bring(a, b"x" * 32, ValidTo=future); m = kms.describe_key(KeyId=a)["KeyMetadata"]; print(m["ExpirationModel"], int(m["ValidTo"].timestamp()) == int(future))
                    print(fails(lambda: parameters(a, "RSAES_PKCS1_V1_5")))
                    """)
            #expect(
                output == """
                    ('InvalidImportTokenException', 400)
                    {('InvalidImportTokenException', 400)}
                    {('InvalidCiphertextException', 400)} PendingImport
                    ('ValidationException', 400) ('ValidationException', 400)
                    ('ValidationException', 400) ('ValidationException', 400)
                    KEY_MATERIAL_EXPIRES True
                    ('ValidationException', 400)

                    """)
        }
    }

    @Test("an image under an imported key is closed while the material is gone, or has expired, and opens again with it")
    func images() throws {
        try EndpointFixture.run { fixture in
            let image = try EncryptionClientTests.image("golden", fixture)
            let output = try fixture.boto3(
                Self.words + """
                    key = external(); material = os.urandom(32); bring(key, material)
                    copy = ec2.copy_image(SourceRegion="us-east-1", SourceImageId="\(image.id)", Name="copy", Encrypted=True, KmsKeyId=key)["ImageId"]
                    snapshot = ec2.describe_images(ImageIds=[copy])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
                    ebs = client("ebs")
                    def launch():
                        i = ec2.run_instances(ImageId=copy, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
                        i = ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]
                        return i["State"]["Name"], i.get("StateReason", {}).get("Code")
                    def blocks(): return fails(lambda: ebs.list_snapshot_blocks(SnapshotId=snapshot))
                    print(launch()[0], blocks())
                    kms.delete_imported_key_material(KeyId=key); print(launch(), blocks())
                    bring(key, material); print(launch()[0], blocks())
                    bring(key, material, ValidTo=time.time() + 2); print(blocks())
                    while blocks() == "no error": pass
                    print(blocks(), launch(), state(key))
                    bring(key, material); print(blocks(), launch()[0])
                    """)
            #expect(
                output == """
                    running no error
                    ('terminated', 'Client.InvalidKMSKey.InvalidState') ('AccessDeniedException', 400)
                    running no error
                    no error
                    ('AccessDeniedException', 400) ('terminated', 'Client.InvalidKMSKey.InvalidState') PendingImport
                    no error running

                    """)
        }
    }
}
