// YAML: libyaml events to a tree of nodes that remember where they stand in their document.
//
// The dialect is YAML 1.2's core schema made strict: one UTF-8 document, scalars keep their source text (`0644` stays `0644`, `no` is
// text), every key is a scalar and stands once, no tags, no merge keys; anchors and aliases are expanded within `Limits`, so that
// a short file cannot become a large tree.
