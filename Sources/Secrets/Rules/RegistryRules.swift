/// Tokens of package registries and continuous integration.
extension RuleTable {
    static let registries: [TokenRule] = [
        TokenRule(
            "npm-token", "npm access token", .registry, .critical, ["npm_"], "npm_[A-Za-z0-9]{36}", check: .base62CRC,
            entropy: 3.3),
        TokenRule(
            "pypi-token", "PyPI token", .registry, .critical, ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
            #"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_\-]{50,}"#, entropy: 4),
        TokenRule("rubygems-key", "RubyGems key", .registry, .critical, ["rubygems_"], "rubygems_[a-f0-9]{48}", entropy: 3),
        TokenRule(
            "crates-token", "crates.io token", .registry, .critical, ["cio"], "cio[A-Za-z0-9]{32}", check: .mixed, entropy: 4),
        TokenRule("nuget-key", "NuGet key", .registry, .critical, ["oy2"], "oy2[a-z0-9]{43}", entropy: 3.5),
        TokenRule(
            "docker-token", "Docker Hub token", .registry, .critical, ["dckr_pat_", "dckr_oat_"],
            #"dckr_[po]at_[A-Za-z0-9_\-]{27,32}"#, entropy: 3.5),
        TokenRule(
            "artifactory-key", "JFrog Artifactory key", .registry, .critical, ["AKCp"], "AKCp[A-Za-z0-9]{10}[A-Za-z0-9]{50,60}",
            entropy: 4),
        TokenRule(
            "artifactory-reference-token", "JFrog reference token", .registry, .critical, ["cmVmdGtu"], "cmVmdGtu[A-Za-z0-9]{56}",
            entropy: 4),
        TokenRule(
            "artifactory-key-named", "JFrog key", .registry, .high, named: ["artifactory", "jfrog"],
            "(?:[A-Za-z0-9]{73}|[A-Za-z0-9]{64})", entropy: 3.8),
        TokenRule(
            "packagist-token", "Packagist token", .registry, .high, ["packagist_"], "packagist_[a-z]{3}_[a-f0-9]{50,90}",
            entropy: 3),
        TokenRule("clojars-token", "Clojars token", .registry, .critical, ["CLOJARS_"], "CLOJARS_[a-z0-9]{60}", entropy: 3.5),
        TokenRule("postman-key", "Postman key", .registry, .high, ["PMAK-"], "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", entropy: 3),
        TokenRule("readme-key", "ReadMe key", .registry, .medium, ["rdme_"], "rdme_[a-z0-9]{70}", entropy: 3.5),
        TokenRule(
            "rapidapi-key", "RapidAPI key", .registry, .high, named: ["rapidapi", "x-rapidapi"],
            "[A-Za-z0-9]{10}msh[A-Za-z0-9]{15}p1[A-Za-z0-9]{6}jsn[A-Za-z0-9]{12}"),
        TokenRule(
            "circleci-token", "CircleCI token", .registry, .critical, ["CCIPAT_", "CCIPRJ_"],
            "CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}", entropy: 3.3),
        TokenRule(
            "circleci-token-old", "CircleCI token", .registry, .high, named: ["circleci", "circle_token", "circle-token"],
            "[a-f0-9]{40}"),
        TokenRule(
            "travis-token", "Travis CI token", .registry, .high, named: ["travis"], #"[A-Za-z0-9_\-]{20,22}"#, entropy: 3.5),
        TokenRule("drone-token", "Drone CI token", .registry, .high, named: ["drone"], "[A-Za-z0-9]{32}", entropy: 3.5),
        TokenRule("jenkins-token", "Jenkins token", .registry, .critical, named: ["jenkins"], "(?:11[a-f0-9]{32}|[a-f0-9]{32})"),
        TokenRule(
            "buildkite-token", "Buildkite token", .registry, .high, ["bkua_", "bkaj_"], "bk(?:ua|aj)_[a-z0-9]{40}", entropy: 3.3),
        TokenRule(
            "teamcity-token", "TeamCity token", .registry, .high, ["eyJ0eXAiOiAiVENWMiJ9."],
            #"eyJ0eXAiOiAiVENWMiJ9\.[A-Za-z0-9_\-]{36}\.[A-Za-z0-9_\-]{48}"#, entropy: 4),
        TokenRule("nx-token", "Nx Cloud token", .registry, .low, named: ["nx_cloud"], "[A-Za-z0-9]{40,90}={0,2}", entropy: 4),
        TokenRule("cloudsmith-key", "Cloudsmith key", .registry, .high, named: ["cloudsmith"], "[a-f0-9]{40}"),
        TokenRule("bitrise-token", "Bitrise token", .registry, .high, named: ["bitrise"], #"[A-Za-z0-9_\-]{86}"#, entropy: 4),
        TokenRule("codefresh-token", "Codefresh token", .registry, .high, named: ["codefresh"], #"[a-f0-9]{24}\.[a-f0-9]{32}"#),
    ]
}
