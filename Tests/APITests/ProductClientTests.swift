import Cloud
import Model
import TestSupport
import Testing

/// boto3 on what belongs to a product of AWS Marketplace. The other account has subscribed to the product `good` alone.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ProductClientTests {
    private static func run(alias: OwnerAlias? = nil, _ script: String, expecting expected: String) throws {
        let accounts = [
            Account(id: try AccountID(parsing: EndpointFixture.ownerID), name: "owner", alias: alias),
            Account(id: try AccountID(parsing: EndpointFixture.otherID), name: "other", subscriptions: ["good"]),
        ]
        try EndpointFixture.run(accounts: accounts) { fixture in
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            let output = try fixture.boto3(
                """
                them = other("ec2")
                def launch(c, image): return c.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, Placement={"AvailabilityZone": "us-east-1a"})["Instances"][0]["InstanceId"]
                def codes(answer): return sorted(c["ProductCodeId"] for c in answer.get("ProductCodes", []))
                def of_image(c, id): return codes(c.describe_images(ImageIds=[id])["Images"][0])
                def of_instance(c, id): return codes(c.describe_instances(InstanceIds=[id])["Reservations"][0]["Instances"][0])
                def of_volume(c, id): return codes(c.describe_volume_attribute(VolumeId=id, Attribute="productCodes"))
                def of_snapshot(c, id): return codes(c.describe_snapshot_attribute(SnapshotId=id, Attribute="productCodes"))
                def root(c, i): return c.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [i]}])["Volumes"][0]["VolumeId"]
                def sold(code):
                    image = ec2.create_image(InstanceId=base, Name="sold-" + code)["ImageId"]
                    ec2.modify_image_attribute(ImageId=image, ProductCodes=[code])
                    ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": "222222222222"}]})
                    return image
                base = launch(ec2, "ami-12c6146b"); paid = sold("paid"); good = sold("good")

                """ + script)
            #expect(output == expected)
        }
    }

    @Test("what is made of an image of a product belongs to it: instances, volumes, snapshots, images, in other regions too")
    func inheriting() throws {
        try Self.run(
            """
            i = launch(ec2, paid); v = root(ec2, i)
            print(of_instance(ec2, i), codes(ec2.describe_instance_attribute(InstanceId=i, Attribute="productCodes")), of_volume(ec2, v))
            print([len(ec2.describe_instances(Filters=[{"Name": n, "Values": [w]}])["Reservations"]) for n, w in (("product-code", "paid"), ("product-code", "x"), ("product-code.type", "marketplace"))])
            s = ec2.create_snapshot(VolumeId=v)["SnapshotId"]; all = [x["SnapshotId"] for x in ec2.create_snapshots(InstanceSpecification={"InstanceId": i})["Snapshots"]]
            print(of_snapshot(ec2, s), [of_snapshot(ec2, x) for x in all])
            w = ec2.create_volume(SnapshotId=s, AvailabilityZone="us-east-1a")["VolumeId"]; print(of_volume(ec2, w))
            a = ec2.create_image(InstanceId=i, Name="again")["ImageId"]
            b = ec2.register_image(Name="registered", RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])["ImageId"]
            print(of_image(ec2, a), of_image(ec2, b))
            west = client("ec2", "us-west-2")
            c = west.copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=b)["ImageId"]
            d = west.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=s)["SnapshotId"]
            inner = west.describe_images(ImageIds=[c])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
            print(of_image(west, c), of_snapshot(west, d), of_snapshot(west, inner))
            ec2.delete_volume(VolumeId=w); print(of_instance(ec2, base), of_image(ec2, "ami-12c6146b"))
            """,
            expecting: """
                ['paid'] ['paid'] ['paid']
                [1, 0, 1]
                ['paid'] [['paid']]
                ['paid']
                ['paid'] ['paid']
                ['paid'] ['paid'] ['paid']
                [] []

                """)
    }

    @Test(
        "others launch an image of a product that they have subscribed to, nobody else's copy is made, and nothing of it is public"
    )
    func using() throws {
        try Self.run(
            """
            print(fails(lambda: launch(them, paid)), says(lambda: launch(them, paid)))
            i = launch(them, good); print(of_instance(them, i))
            print(fails(lambda: them.copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=good)))
            own = them.create_image(InstanceId=i, Name="own")["ImageId"]; print(of_image(them, own))
            there = other("ec2", "us-west-2").copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=own)["ImageId"]
            print(of_image(other("ec2", "us-west-2"), there), them.modify_image_attribute(ImageId=own, LaunchPermission={"Add": [{"UserId": "111111111111"}]})["ResponseMetadata"]["HTTPStatusCode"])
            print(fails(lambda: launch(ec2, own)))
            ec2.disable_image_block_public_access(); ec2.disable_snapshot_block_public_access()
            s = ec2.create_snapshot(VolumeId=root(ec2, launch(ec2, paid)))["SnapshotId"]
            print(fails(lambda: ec2.modify_image_attribute(ImageId=paid, LaunchPermission={"Add": [{"Group": "all"}]})))
            print(fails(lambda: ec2.modify_snapshot_attribute(SnapshotId=s, CreateVolumePermission={"Add": [{"Group": "all"}]})))
            print(fails(lambda: ec2.modify_image_attribute(ImageId=own, ProductCodes=["x"])), fails(lambda: them.describe_snapshot_attribute(SnapshotId=s, Attribute="productCodes")))
            """,
            expecting: """
                ('OptInRequired', 401) In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=paid
                ['good']
                ('InvalidRequest', 400)
                ['good']
                ['good'] 200
                no error
                ('OperationNotPermitted', 400)
                ('OperationNotPermitted', 400)
                ('AuthFailure', 400) ('InvalidSnapshot.NotFound', 400)

                """)
    }

    @Test(
        "a volume of a product is attached to a stopped instance of a subscriber, which takes on the product until the volume goes"
    )
    func attaching() throws {
        try Self.run(
            """
            v = root(ec2, launch(ec2, paid)); s = ec2.create_snapshot(VolumeId=v)["SnapshotId"]
            make = lambda c: c.create_volume(SnapshotId=s, AvailabilityZone="us-east-1a")["VolumeId"]
            w, x = make(ec2), make(ec2)
            attach = lambda c, v, i, d="/dev/sdf": c.attach_volume(VolumeId=v, InstanceId=i, Device=d)
            print(fails(lambda: attach(ec2, w, base)), says(lambda: attach(ec2, w, base)) == f"Cannot attach volume '{w}' with Marketplace codes as the instance '{base}' is not in the 'stopped' state.")
            ec2.stop_instances(InstanceIds=[base]); attach(ec2, w, base); attach(ec2, x, base, "/dev/sdg"); print(of_instance(ec2, base))
            image = ec2.create_image(InstanceId=base, Name="with")["ImageId"]; print(of_image(ec2, image))
            ec2.detach_volume(VolumeId=w); print(of_instance(ec2, base))
            ec2.detach_volume(VolumeId=x); print(of_instance(ec2, base), of_volume(ec2, x))
            ec2.modify_snapshot_attribute(SnapshotId=s, CreateVolumePermission={"Add": [{"UserId": "222222222222"}]})
            i = launch(them, "ami-12c6146b"); them.stop_instances(InstanceIds=[i]); y = make(them)
            print(of_volume(them, y), fails(lambda: attach(them, y, i)), of_instance(them, i))
            """,
            expecting: """
                ('IncorrectInstanceState', 400) True
                ['paid']
                ['paid']
                ['paid']
                [] ['paid']
                ['paid'] ('OptInRequired', 401) []

                """)
    }

    @Test("a snapshot of a product makes images and instances of subscribers alone, also where it is their own")
    func snapshots() throws {
        try Self.run(
            """
            def shared(image):
                s = ec2.create_snapshot(VolumeId=root(ec2, launch(ec2, image)))["SnapshotId"]
                ec2.modify_snapshot_attribute(SnapshotId=s, CreateVolumePermission={"Add": [{"UserId": "222222222222"}]})
                return s
            device = lambda name, s: [{"DeviceName": name, "Ebs": {"SnapshotId": s}}]
            register = lambda c, s: c.register_image(Name="of " + s, RootDeviceName="/dev/xvda", BlockDeviceMappings=device("/dev/xvda", s))["ImageId"]
            run = lambda c, s: c.run_instances(ImageId="ami-12c6146b", InstanceType="t3.micro", MinCount=1, MaxCount=1, BlockDeviceMappings=device("/dev/sdf", s))["Instances"][0]["InstanceId"]
            for s in (shared(paid), shared(good)):
                v = them.create_volume(SnapshotId=s, AvailabilityZone="us-east-1a")["VolumeId"]; own = them.create_snapshot(VolumeId=v)["SnapshotId"]
                print([fails(lambda: call(them, x)) for x in (s, own) for call in (register, run)], [fails(lambda: call(ec2, s)) for call in (register, run)])
            """,
            expecting: """
                [('OptInRequired', 401), ('OptInRequired', 401), ('OptInRequired', 401), ('OptInRequired', 401)] ['no error', 'no error']
                ['no error', 'no error', 'no error', 'no error'] ['no error', 'no error']

                """)
    }

    private static let registering = """
        s = ec2.create_snapshot(VolumeId=root(ec2, base))["SnapshotId"]
        def register(name, **more): return ec2.register_image(Name=name, RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}], **more)["ImageId"]

        """

    @Test("billing products are registered by the accounts that stand for AWS's publishers alone")
    func refusing() throws {
        try Self.run(
            Self.registering + "print(fails(lambda: register('billed', BillingProducts=['bp-1'])), register('free')[:4])",
            expecting: "('AuthFailure', 400) ami-\n")
    }

    @Test("an image with billing products is not copied by others, and neither exported; what they make of it is theirs to copy")
    func billing() throws {
        try Self.run(
            alias: .marketplace,
            Self.registering + """
                a = register("billed", BillingProducts=["bp-1", "bp-2"])
                ec2.modify_image_attribute(ImageId=a, LaunchPermission={"Add": [{"UserId": "222222222222"}]})
                print(fails(lambda: them.copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=a)))
                print(client("ec2", "us-west-2").copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=a)["ImageId"][:4])
                print(fails(lambda: ec2.export_image(ImageId=a, DiskImageFormat="RAW", S3ExportLocation={"S3Bucket": "bucket"})))
                own = them.create_image(InstanceId=launch(them, a), Name="own")["ImageId"]
                print(them.copy_image(Name="copy", SourceRegion="us-east-1", SourceImageId=own)["ImageId"][:4])
                them.modify_image_attribute(ImageId=own, LaunchPermission={"Add": [{"UserId": "111111111111"}]})
                print(fails(lambda: ec2.copy_image(Name="more", SourceRegion="us-east-1", SourceImageId=own)))
                """,
            expecting: """
                ('InvalidRequest', 400)
                ami-
                ('UnsupportedOperation', 400)
                ami-
                ('InvalidRequest', 400)

                """)
    }
}
