// Pipeline: what a stage is, and how a recipe becomes a plan and a run.
//
// A stage is a function from tree to tree. Its key is the digest of what it means: parent tree, resolved definition, digests of
// everything it reads from outside. The result of a key is a checkpoint, so a build resumes where it stopped and can say why it ran.
