// Tests of Components.
