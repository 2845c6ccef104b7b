// YAML: libyaml events to a tree of nodes that remember where they stand in their document.
//
// Scalars keep their source text (`0644` stays `0644`), duplicate keys are errors, and size, depth and aliases have limits.
