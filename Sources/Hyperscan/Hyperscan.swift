// Hyperscan: thousands of literals and patterns over bytes in one pass, by libhs (Hyperscan, or Vectorscan where that is what the
// system has). It knows no secrets and no images.
