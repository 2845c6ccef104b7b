// Archive: reading and writing tar, cpio and ar streams in every compression that libarchive knows.
//
// Names, link targets and attributes are bytes: an archive may hold names that are not UTF-8. The module yields entries as they
// stand; what an entry may do to a tree is decided by the importer above. libarchive warns where data is missing or a name
// cannot be converted; here the first is an error and the second is avoided.
