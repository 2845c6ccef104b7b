import Model

/// What an account can do in a region, by the rules of EC2. A refusal is a `Failure` with a `planeError`.
///
/// Made for one account by `Plane.actions`. As a dry run every action checks all that it would check, changes nothing, and fails with
/// `DryRunOperation`.
package protocol RegionActions:
    ImageActions, SnapshotActions, VolumeActions, TagActions, BlockActions, NetworkActions, InstanceActions,
    LaunchTemplateActions, FleetActions, IdentityActions, KeyActions, EncryptionActions, CommandActions
{}
