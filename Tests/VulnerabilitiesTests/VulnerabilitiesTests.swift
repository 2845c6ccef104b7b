// Tests of Vulnerabilities.
