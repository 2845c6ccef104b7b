/// Tokens of tools that build and run infrastructure.
extension RuleTable {
    static let infrastructure: [TokenRule] = [
        TokenRule(
            "vault-service-token", "HashiCorp Vault service token", .cloud, .critical, ["hvs."], #"hvs\.[A-Za-z0-9_\-]{24,300}"#,
            entropy: 3.5),
        TokenRule(
            "vault-batch-token", "HashiCorp Vault batch token", .cloud, .critical, ["hvb."], #"hvb\.[A-Za-z0-9_\-]{100,400}"#,
            entropy: 3.5),
        TokenRule(
            "vault-recovery-token", "HashiCorp Vault recovery token", .cloud, .critical, ["hvr."],
            #"hvr\.[A-Za-z0-9_\-]{24,300}"#, entropy: 3.5),
        TokenRule(
            "vault-token", "HashiCorp Vault token", .cloud, .critical, named: ["vault"], #"[sbr]\.[A-Za-z0-9]{24}"#, entropy: 3.5),
        TokenRule(
            "vault-unseal-key", "HashiCorp Vault unseal key", .cloud, .critical, ["Unseal Key ", "Recovery Key "],
            #"(?:Unseal|Recovery) Key \d{1,2}: ([A-Za-z0-9+/]{42,44}={0,2})"#, entropy: 4),
        TokenRule(
            "terraform-cloud-token", "Terraform Cloud token", .cloud, .critical, [".atlasv1."], within: .tokenText,
            #"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=\-]{60,70}"#, entropy: 4),
        TokenRule("pulumi-token", "Pulumi token", .cloud, .critical, ["pul-"], "pul-[a-f0-9]{40}", entropy: 3),
        TokenRule(
            "doppler-token", "Doppler token", .cloud, .critical,
            ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
            #"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_\-]{2,35}\.)?[A-Za-z0-9]{40,44}"#, entropy: 3.8),
        TokenRule("infracost-key", "Infracost key", .cloud, .medium, ["ico-"], "ico-[A-Za-z0-9]{32}", entropy: 3.8),
        TokenRule(
            "tailscale-key", "Tailscale key", .cloud, .critical, ["tskey-"],
            "tskey-(?:[a-z]{2,10}-)?[A-Za-z0-9]{8,24}(?:CNTRL)?-[A-Za-z0-9]{16,48}", entropy: 3.3),
        TokenRule(
            "docker-swarm-token", "Docker Swarm join token", .cloud, .critical, ["SWMTKN-1-"],
            "SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25}", entropy: 3.5),
        TokenRule(
            "docker-swarm-key", "Docker Swarm unlock key", .cloud, .critical, ["SWMKEY-1-"], "SWMKEY-1-[A-Za-z0-9+/]{43}",
            entropy: 4),
        TokenRule(
            "kubernetes-bootstrap-token", "Kubernetes bootstrap token", .cloud, .high,
            named: ["bootstrap-token", "bootstraptoken", "--token", "kubeadm"], #"[a-z0-9]{6}\.[a-z0-9]{16}"#),
        TokenRule(
            "k3s-token", "K3s token", .cloud, .critical, ["K10"], "K10[a-f0-9]{64}::(?:server:)?[A-Za-z0-9._]{16,80}",
            entropy: 3.3),
        TokenRule(
            "rancher-token", "Rancher token", .cloud, .critical, ["token-", "kubeconfig-u"],
            #"(?:token-[a-z0-9]{5}|kubeconfig-u[a-z0-9\-]{5,30}):[a-z0-9]{54}"#, entropy: 3.8),
        TokenRule(
            "nats-seed", "NATS seed", .cloud, .critical, ["SUA", "SAA", "SOA", "SNA", "SCA", "SXA"], "S[UAONCX]A[A-Z2-7]{55}",
            entropy: 4),
        TokenRule("netbird-token", "NetBird token", .cloud, .high, ["nbp_"], "nbp_[A-Za-z0-9]{36}", entropy: 3.8),
        TokenRule(
            "ngrok-token", "ngrok token", .cloud, .high, named: ["ngrok", "authtoken"], "[12][A-Za-z0-9]{26}_[A-Za-z0-9]{21,25}",
            entropy: 3.8),
        TokenRule(
            "consul-token", "HashiCorp Consul token", .cloud, .high, named: ["consul"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "nomad-token", "HashiCorp Nomad token", .cloud, .high, named: ["nomad"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "onepassword-service-token", "1Password service account token", .cloud, .critical, ["ops_eyJ"],
            #"ops_eyJ[A-Za-z0-9+/_\-]{200,}={0,3}"#, entropy: 4),
        TokenRule(
            "onepassword-secret-key", "1Password secret key", .cloud, .critical, ["A3-"],
            "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}", entropy: 3.8),
        TokenRule(
            "bitwarden-token", "Bitwarden access token", .cloud, .critical, named: ["bitwarden", "bws_access"],
            #"0\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}=="#, entropy: 3.8
        ),
        TokenRule("prefect-token", "Prefect token", .cloud, .high, ["pnu_", "pnb_"], "pn[ub]_[a-zA-Z0-9]{36}", entropy: 3.5),
        TokenRule("spacelift-key", "Spacelift key", .cloud, .high, named: ["spacelift"], "[a-f0-9]{64}"),
        TokenRule("scalingo-token", "Scalingo token", .cloud, .high, ["tk-us-"], #"tk-us-[A-Za-z0-9_\-]{48}"#, entropy: 4),
        TokenRule(
            "harness-token", "Harness token", .cloud, .high, ["pat.", "sat."],
            #"[ps]at\.[A-Za-z0-9_\-]{22}\.[a-f0-9]{24}\.[A-Za-z0-9]{20}"#, entropy: 3.8),
        TokenRule("octopus-key", "Octopus Deploy key", .cloud, .high, ["API-"], "API-[A-Z0-9]{25,31}", entropy: 3.3),
        TokenRule("teleport-token", "Teleport token", .cloud, .high, named: ["teleport"], "[a-f0-9]{32}"),
        TokenRule(
            "zerotier-token", "ZeroTier token", .cloud, .high, named: ["zerotier"], "[A-Za-z0-9]{32}", check: .mixed, entropy: 3.8
        ),
        TokenRule(
            "age-secret-key", "age identity", .cloud, .critical, ["AGE-SECRET-KEY-1"],
            "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", entropy: 3.5),
    ]
}
