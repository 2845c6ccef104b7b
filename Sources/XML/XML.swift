// XML reads small documents, such as object stores answer with, by expat.
