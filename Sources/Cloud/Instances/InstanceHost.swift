import Model

/// Who runs programs on instances in this process: a server. Commands of other processes end theirs when they see the state.
package protocol InstanceHost: AnyObject, Sendable {
    /// The instances are running from now on.
    func started(_ ids: [InstanceID], in region: RegionName)
    /// A command waits for the instance.
    func commandSent(_ command: String, to id: InstanceID, in region: RegionName)
    /// Ends what this process runs on the instance. What was written is in the catalogue when this returns, and the lock is free.
    func end(_ id: InstanceID, in region: RegionName)
    /// Brings into the catalogue what programs of this process have written until now.
    /// Returns false where nobody can look, since the instance boots.
    func capture(_ id: InstanceID, in region: RegionName) throws(Failure) -> Bool
    /// A volume was attached to the instance: it is a device there from now on, if this process runs the instance.
    func attached(_ volume: VolumeRecord, to id: InstanceID, in region: RegionName)
    /// Takes a volume's device away from programs of this process. What they wrote is in the volume's file when this returns.
    func detach(_ volume: VolumeRecord, from id: InstanceID, in region: RegionName) throws(Failure)
    /// Makes durable in the volumes' files what programs of this process wrote to devices until now.
    func flush(_ id: InstanceID, in region: RegionName) throws(Failure)
    /// Whether this process has the instance's lock.
    func holds(_ id: InstanceID, in region: RegionName) -> Bool
    /// Other elastic addresses lead to the instance than before.
    func addressesChanged(of id: InstanceID, in region: RegionName)
    /// Where the instance is reached from this machine; nil for nowhere.
    func address(of id: InstanceID, in region: RegionName) -> String?
}
