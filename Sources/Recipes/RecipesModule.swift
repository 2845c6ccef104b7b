// Recipes: YAML documents to checked values.
//
// A document is decoded field by field; every error carries file, line, column, the offending line and a caret, and all errors of
// a document are reported at once. Unknown keys are refused, with a suggestion where one is near.
