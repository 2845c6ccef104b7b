// Vulnerabilities: what is known to be wrong with the packages of an image, and on which evidence.
//
// Indexes of suites, changelogs and feeds are read here; what is installed comes from Guest. What nothing is known about is "not
// assessed", never clean.
