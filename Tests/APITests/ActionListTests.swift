import API
import Platform
import Testing

@Suite struct ActionListTests {
    /// The folder of the package.
    private static let root = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))

    @Test("docs/api.md lists the actions that there are, service by service")
    func page() throws {
        let page = String(decoding: try Files.read(Self.root + "/docs/api.md"), as: UTF8.self)
        var listed: [String: [String]] = [:]
        var service = ""
        for line in page.split(separator: "\n") {
            if line.hasPrefix("## ") { service = Self.services[String(line.dropFirst(3))] ?? "" }
            guard line.hasPrefix("- "), !service.isEmpty else { continue }
            listed[service, default: []] += line.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
                String($0.element)
            }
        }
        for (service, actions) in Services.all {
            #expect(Set(listed[service] ?? []) == Set(actions), "\(service)")
            #expect(listed[service]?.count == actions.count, "\(service): something is listed twice")
        }
    }

    private static let services = [
        "Amazon EC2": "ec2", "Amazon EBS direct": "ebs", "Amazon EC2 Auto Scaling": "autoscaling", "AWS Systems Manager": "ssm",
        "Amazon Data Lifecycle Manager": "dlm",
        "AWS Identity and Access Management": "iam",
        "AWS Security Token Service": "sts",
        "AWS Key Management Service": "kms", "EC2 Image Builder": "imagebuilder",
    ]
}
