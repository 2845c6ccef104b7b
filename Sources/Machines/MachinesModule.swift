// Machines: instances of the embedded plane that really run programs.
//
// An instance has two trees. The durable one is what its root volume holds: what would be there after a loss of power. The live one is
// what its programs see: the durable tree and what they wrote since. Stopping, restarting and an explicit sync make what is live
// durable (`Cloud/Instances/InstanceSettling.swift`); an image without a restart has what was durable.
//
// `Machine` is an instance in the hands of this process. It has the instance's lock, so that no second process mounts the same live tree;
// the lock goes with the process. What programs wrote is brought back when one of them ends, and when somebody asks; what a killed
// process had not brought back yet is lost, as it is on a machine that loses its power. There is no init: an instance runs what it is
// told to, and what that started ends with it.
