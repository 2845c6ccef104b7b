/// Keys of databases that are services.
extension RuleTable {
    static let databases: [TokenRule] = [
        TokenRule(
            "planetscale-token", "PlanetScale token", .database, .critical, ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"],
            #"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=\-]{32,64}"#, entropy: 3.8),
        TokenRule(
            "aiven-password", "Aiven password", .database, .critical, ["AVNS_"], #"AVNS_[A-Za-z0-9_\-]{17,24}"#, entropy: 3.3),
        TokenRule(
            "cockroach-token", "CockroachDB Cloud key", .database, .critical, ["CCDB1_"], "CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}",
            entropy: 4),
        TokenRule("xata-token", "Xata key", .database, .high, ["xau_"], "xau_[A-Za-z0-9]{32,36}", entropy: 3.8),
        TokenRule("neon-token", "Neon key", .database, .high, ["napi_"], "napi_[a-z0-9]{60,70}", entropy: 3.8),
        TokenRule(
            "astra-token", "DataStax Astra token", .database, .critical, ["AstraCS:"], "AstraCS:[A-Za-z]{24}:[a-f0-9]{64}",
            entropy: 3.5),
        TokenRule(
            "atlas-service-key", "MongoDB Atlas service secret", .database, .critical, ["mdb_sa_sk_"],
            #"mdb_sa_sk_[A-Za-z0-9_\-]{40}"#, entropy: 3.8),
        TokenRule(
            "clickhouse-secret", "ClickHouse Cloud key", .database, .high, ["4b1d"], "4b1d[A-Za-z0-9]{38}", check: .mixed,
            entropy: 4),
        TokenRule("influx-token", "InfluxDB token", .database, .high, named: ["influx"], #"[A-Za-z0-9_\-]{86}=="#, entropy: 4),
        TokenRule(
            "dbt-token", "dbt Cloud token", .database, .high, ["dbtc_", "dbtu_"], #"dbt[cu]_[A-Za-z0-9_=\-]{40,60}"#, entropy: 3.8
        ),
        TokenRule(
            "elastic-cloud-key", "Elastic Cloud key", .database, .high, ["essu_"], "essu_[A-Za-z0-9+/]{40,}={0,2}", entropy: 4),
        TokenRule("algolia-key", "Algolia key", .database, .high, named: ["algolia"], "[a-f0-9]{32}"),
        TokenRule(
            "confluent-secret", "Confluent secret", .database, .critical, named: ["confluent"], "[A-Za-z0-9/+]{64}", entropy: 3.8),
        TokenRule("confluent-key", "Confluent key", .database, .high, named: ["confluent"], "[A-Za-z0-9]{16}"),
        TokenRule(
            "hasura-secret", "Hasura admin secret", .database, .high,
            named: ["x-hasura-admin-secret", "hasura_graphql_admin_secret"], #"[^\s"';,]{8,80}"#, entropy: 2.8),
    ]
}
