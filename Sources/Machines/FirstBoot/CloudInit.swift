import Cloud
import ImageStore
import Model
import Text

/// The image's own cloud-init, run as it is at the first boot of a machine, with what EC2 would tell it.
///
/// It is told so by `/run/cloud-init/cloud.cfg`, where its own generator writes too, so that nothing of it stays in the image. Root is let
/// in with the key: programs of ordinary users cannot become root in the sandbox.
struct CloudInit {
    let instance: InstanceRecord
    let region: RegionName
    let key: String?
    let userData: UserData?

    /// Whether the image has one that can run.
    static func isThere(in tree: any TreeView) throws(Failure) -> Bool {
        for path in ["/usr/bin/cloud-init", "/usr/bin/python3", "/etc/cloud/cloud.cfg"] as [TreePath] {
            guard let node = try? tree.resolvedNode(path), node.content != nil else { return false }
        }
        return try !tree.exists("/etc/cloud/cloud-init.disabled")
    }

    /// The stages of a boot, in their order.
    var steps: [BootStep] {
        let source = "/run/ingot/cloud.cfg"
        let first = "mkdir -p /run/cloud-init && cp \(source) /run/cloud-init/cloud.cfg && exec cloud-init init --local"
        return [
            BootStep(name: "cloud-init init --local", script: first, files: [source: Array(configuration.utf8)]),
            BootStep(name: "cloud-init init", script: "exec cloud-init init"),
            BootStep(name: "cloud-init modules --mode=config", script: "exec cloud-init modules --mode=config"),
            BootStep(name: "cloud-init modules --mode=final", script: "exec cloud-init modules --mode=final"),
        ]
    }

    /// YAML. Values that are not quoted are of alphabets that need no quotes.
    private var configuration: String {
        let keys = key.map { "\n      public-keys: [\(Self.quoted($0))]" } ?? ""
        return """
            datasource_list: [NoCloud]
            disable_root: false
            datasource:
              NoCloud:
                meta-data:
                  instance-id: \(instance.id)
                  local-hostname: \(instance.hostName)
                  availability-zone: \(instance.subnet.zone)
                  region: \(region)\(keys)
                user-data: !!binary "\(Base64.text(userData?.bytes ?? []))"

            """
    }

    private static func quoted(_ text: String) -> String {
        "'" + String(text.unicodeScalars.filter { $0.value >= 0x20 }).replacing("'", with: "''") + "'"
    }
}
