// Tests of Sandbox.
