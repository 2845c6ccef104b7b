/// Tokens of places where source code lives, and of what looks at it.
extension RuleTable {
    static let forges: [TokenRule] = [
        TokenRule(
            "github-personal-token", "GitHub personal access token", .sourceForge, .critical, ["ghp_"], "ghp_[A-Za-z0-9]{36}",
            check: .base62CRC, entropy: 3.3),
        TokenRule(
            "github-oauth-token", "GitHub OAuth token", .sourceForge, .critical, ["gho_"], "gho_[A-Za-z0-9]{36}",
            check: .base62CRC, entropy: 3.3),
        TokenRule(
            "github-app-token", "GitHub App token", .sourceForge, .high, ["ghu_", "ghs_"], "gh[us]_[A-Za-z0-9]{36}",
            check: .base62CRC, entropy: 3.3),
        TokenRule(
            "github-refresh-token", "GitHub refresh token", .sourceForge, .high, ["ghr_"],
            "ghr_(?:[A-Za-z0-9]{76}|[A-Za-z0-9]{36})", entropy: 3.3),
        TokenRule(
            "github-fine-grained-token", "GitHub fine-grained token", .sourceForge, .critical, ["github_pat_"],
            "github_pat_[A-Za-z0-9_]{82}", entropy: 3.3),
        TokenRule(
            "gitlab-personal-token", "GitLab personal access token", .sourceForge, .critical, ["glpat-"],
            #"glpat-[A-Za-z0-9_\-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?"#, entropy: 3),
        TokenRule(
            "gitlab-deploy-token", "GitLab deploy token", .sourceForge, .high, ["gldt-"], #"gldt-[A-Za-z0-9_\-]{20,50}"#,
            entropy: 3),
        TokenRule(
            "gitlab-runner-token", "GitLab runner token", .sourceForge, .high, ["glrt-", "glrtr-"],
            #"glrtr?-(?:t\d_)?[A-Za-z0-9_\-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?"#, entropy: 3),
        TokenRule(
            "gitlab-runner-registration", "GitLab runner registration token", .sourceForge, .high, ["GR1348941"],
            #"GR1348941[A-Za-z0-9_\-]{20}"#, entropy: 3),
        TokenRule(
            "gitlab-job-token", "GitLab CI job token", .sourceForge, .medium, ["glcbt-"],
            #"glcbt-[A-Za-z0-9]{1,5}_[A-Za-z0-9_\-]{20}"#, entropy: 3),
        TokenRule(
            "gitlab-trigger-token", "GitLab trigger token", .sourceForge, .high, ["glptt-"], #"glptt-[A-Za-z0-9_\-]{20,40}"#,
            entropy: 3),
        TokenRule(
            "gitlab-feed-token", "GitLab feed token", .sourceForge, .medium, ["glft-"], #"glft-[A-Za-z0-9_\-]{20,80}"#, entropy: 3
        ),
        TokenRule(
            "gitlab-mail-token", "GitLab incoming mail token", .sourceForge, .medium, ["glimt-"], #"glimt-[A-Za-z0-9_\-]{25}"#,
            entropy: 3),
        TokenRule(
            "gitlab-agent-token", "GitLab agent token", .sourceForge, .high, ["glagent-"], #"glagent-[A-Za-z0-9_\-]{50}"#,
            entropy: 3.5),
        TokenRule(
            "gitlab-oauth-secret", "GitLab OAuth secret", .sourceForge, .high, ["gloas-"], #"gloas-[A-Za-z0-9_\-]{64}"#,
            entropy: 3.5),
        TokenRule(
            "gitlab-scim-token", "GitLab SCIM token", .sourceForge, .high, ["glsoat-"], #"glsoat-[A-Za-z0-9_\-]{20}"#, entropy: 3),
        TokenRule(
            "gitlab-feature-token", "GitLab feature flags token", .sourceForge, .medium, ["glffct-"],
            #"glffct-[A-Za-z0-9_\-]{20}"#, entropy: 3),
        TokenRule(
            "gitlab-session-cookie", "GitLab session", .sourceForge, .medium, ["_gitlab_session="],
            "_gitlab_session=([a-f0-9]{32})", entropy: 3),
        TokenRule(
            "bitbucket-app-password", "Bitbucket app password", .sourceForge, .critical, ["ATBB"], "ATBB[A-Za-z0-9]{32}",
            entropy: 3.5),
        TokenRule(
            "bitbucket-access-token", "Bitbucket access token", .sourceForge, .critical, ["ATCTT3xFfG"],
            #"ATCTT3xFfG[A-Za-z0-9+/=_\-]{100,}=[A-F0-9]{8}"#, entropy: 4),
        TokenRule(
            "bitbucket-secret", "Bitbucket client secret", .sourceForge, .high, named: ["bitbucket"], #"[A-Za-z0-9_=\-]{64}"#,
            entropy: 3.8),
        TokenRule(
            "atlassian-token", "Atlassian API token", .sourceForge, .critical, ["ATATT3"], #"ATATT3[A-Za-z0-9_=\-]{180,}"#,
            entropy: 4),
        TokenRule(
            "atlassian-token-old", "Atlassian API token", .sourceForge, .high, named: ["atlassian", "confluence", "jira"],
            "[A-Za-z0-9]{24}", entropy: 3.5),
        TokenRule(
            "gitea-token", "Gitea or Forgejo token", .sourceForge, .high, named: ["gitea", "forgejo", "gogs"], "[a-f0-9]{40}"),
        TokenRule(
            "sourcegraph-token", "Sourcegraph token", .sourceForge, .high, ["sgp_"], "sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}",
            entropy: 3),
        TokenRule(
            "sonar-token", "SonarQube token", .sourceForge, .high, ["squ_", "sqp_", "sqa_"], "sq[upa]_[a-f0-9]{40}", entropy: 3),
        TokenRule("sonar-token-old", "SonarQube token", .sourceForge, .high, named: ["sonar"], "[a-f0-9]{40}"),
        TokenRule(
            "snyk-token", "Snyk token", .sourceForge, .high, named: ["snyk"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "codecov-token", "Codecov token", .sourceForge, .medium, named: ["codecov"],
            "(?:[a-z0-9]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        TokenRule(
            "codeclimate-token", "Code Climate token", .sourceForge, .medium, named: ["codeclimate", "cc_test_reporter"],
            "[a-f0-9]{64}"),
        TokenRule(
            "coveralls-token", "Coveralls token", .sourceForge, .medium, named: ["coveralls"], "[A-Za-z0-9]{33}", entropy: 3.5),
    ]
}
