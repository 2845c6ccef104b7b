// Evidence: what an image is said to be, as documents that others can check: SPDX and CycloneDX, in-toto statements with SLSA
// provenance, the scrub certificate, and the signatures under them.
