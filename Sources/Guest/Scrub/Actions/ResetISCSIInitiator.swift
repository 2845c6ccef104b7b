import ImageStore
import Model

/// `iscsi-initiator`: the name of the iSCSI initiator. Debian's service makes a new one where the file says `GenerateName=yes`; the
/// others' services make one where there is no file.
package struct ResetISCSIInitiator: ScrubKind {
    package static let name = "iscsi-initiator"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() {
            if work.facts.os.isLike("debian") {
                try work.replace(path, with: "GenerateName=yes\n")
            } else {
                try work.remove(path)
            }
        }
    }
}
