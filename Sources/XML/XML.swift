// XML reads small documents, such as object stores answer with, by expat. A document with a document type is refused: so there are
// no entities but the five of XML itself, nothing is fetched from outside, and nothing grows while it is read.
