import Model

/// What an account can do in a region, by the rules of EC2. A refusal is a `Failure` with a `planeError`.
///
/// Made for one account by `Plane.actions`. As a dry run every action checks all that it would check, changes nothing, and fails with
/// `DryRunOperation`.
package protocol RegionActions:
    StorageActions, RecycleBinActions, BlockActions, NetworkActions, NetworkBlockActions,
    NetworkInterfaceActions, ElasticAddressActions, DHCPOptionsActions, InstanceActions, LaunchTemplateActions, FleetActions,
    IdentityActions, KeyActions, EncryptionActions, CommandActions, DocumentActions, PolicyActions, ConversionActions,
    ProductActions
{}

/// What of it is about images and disks, and says nothing that EC2's answers do not say. So a client of any endpoint can conform: a
/// record has the facts that the plane's own catalogue knows beside (`root`, `release`, `parent`) or has them not.
package protocol StorageActions: ImageActions, SnapshotActions, VolumeActions, TagActions {}
