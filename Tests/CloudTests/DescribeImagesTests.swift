import Cloud
import Crypto
import FoundationEssentials
import Model
import Platform
import TestSupport
import Testing

@Suite("the JSON of DescribeImages")
struct DescribeImagesTests {
    @Test("an image with every field is printed as the AWS CLI prints it")
    func everyField() throws {
        let image = try example(state: .available)
        let expected = """
            {"Images":[{"Architecture":"x86_64","BlockDeviceMappings":[{"DeviceName":"/dev/xvda","Ebs":{"DeleteOnTermination":true,\
            "Encrypted":false,"Iops":3000,"SnapshotId":"snap-00101010101010101","Throughput":125,"VolumeSize":8,"VolumeType":"gp3"}}],\
            "CreationDate":"2026-11-18T09:46:40.000Z","Description":"nginx","EnaSupport":true,"Hypervisor":"xen",\
            "ImageId":"ami-00202020202020202","ImageLocation":"000000000000/web-1","ImageType":"machine","Name":"web-1",\
            "OwnerId":"000000000000","PlatformDetails":"Linux/UNIX","Public":false,"RootDeviceName":"/dev/xvda",\
            "RootDeviceType":"ebs","SourceImageId":"ami-00303030303030303","SourceImageRegion":"us-east-1","State":"available",\
            "Tags":[{"Key":"Team","Value":"platform"}],"UsageOperation":"RunInstances","VirtualizationType":"hvm"}]}
            """
        #expect(try json([image]) == expected)
    }

    @Test("what has no value is left out, and a failed image says why")
    func leftOut() throws {
        var image = try example(state: .failed)
        image.description = ""
        image.tags = TagSet()
        image.source = nil
        image.failureReason = "the disk is full"
        image.volumes[0].snapshot = nil
        image.volumes[0].volume.iops = nil
        let text = try json([image])
        for key in ["Description", "Tags", "SourceImageId", "SourceImageRegion", "SnapshotId", "Iops", "null"] {
            #expect(!text.contains("\"\(key)\"") && !text.contains("null"))
        }
        #expect(text.contains(#""StateReason":{"Code":"Server.InternalError","Message":"the disk is full"}"#))
    }

    @Test(
        "every key, type and word is one of botocore's model of EC2",
        .enabled(if: Self.hasBotocore, "needs botocore: pip install botocore"))
    func model() throws {
        let images = try ImageState.allCases.map { try example(state: $0) }
        #expect(try Python.run(Self.validator, input: json(images)) == "")
    }

    private static let hasBotocore = (try? Python.run("import botocore")) == ""

    /// Walks the JSON beside the shape of the operation's output, and prints what differs.
    private static let validator = """
        import sys, json, botocore.session
        model = botocore.session.get_session().get_service_model('ec2')
        kinds = {'string': str, 'boolean': bool, 'integer': int, 'list': list, 'structure': dict}
        def walk(value, shape, path):
            if type(value) is not kinds[shape.type_name]: print(path, 'is no', shape.type_name)
            elif shape.type_name == 'structure':
                for key, inner in value.items():
                    if key in shape.members: walk(inner, shape.members[key], path + '.' + key)
                    else: print(path, 'has no', key)
            elif shape.type_name == 'list':
                for inner in value: walk(inner, shape.member, path + '[]')
            elif shape.type_name == 'string' and getattr(shape, 'enum', None) and value not in shape.enum:
                print(path, 'is never', value)
        walk(json.load(sys.stdin), model.operation_model('DescribeImages').output_shape, '')
        """

    private func example(state: ImageState) throws -> ImageRecord {
        let volume = Volume(size: 8, iops: 3000, throughput: 125)
        return ImageRecord(
            id: ImageID(random: Array(repeating: 0x02, count: 8)), region: try name("us-west-2"), name: try name("web-1"),
            description: "nginx", state: state, failureReason: state == .failed ? "broken" : nil, release: nil,
            root: digest("a"), logicalSize: 5, architecture: .x86, created: Instant(seconds: 1_794_995_200),
            owner: try name("000000000000"),
            source: ImageSource(region: try name("us-east-1"), image: ImageID(random: Array(repeating: 0x03, count: 8))),
            parent: nil, rootDeviceName: "/dev/xvda",
            volumes: [
                VolumeMapping(
                    deviceName: "/dev/xvda", volume: volume,
                    snapshot: SnapshotID(random: Array(repeating: 0x01, count: 8)))
            ],
            tags: try TagSet([Tag(key: "Team", value: "platform")]))
    }

    private func json(_ images: [ImageRecord]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(DescribeImages(images)), as: UTF8.self)
    }
}
