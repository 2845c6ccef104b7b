// TestSupport: fixtures that the test targets share.
