/// Keys of what watches machines and people.
extension RuleTable {
    static let monitoring: [TokenRule] = [
        TokenRule(
            "grafana-service-token", "Grafana service account token", .monitoring, .high, ["glsa_"],
            "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", check: .hexadecimalCRC, entropy: 3),
        TokenRule(
            "grafana-cloud-token", "Grafana Cloud token", .monitoring, .high, ["glc_"], "glc_[A-Za-z0-9+/]{32,400}={0,3}",
            entropy: 3.5),
        TokenRule(
            "grafana-api-key", "Grafana API key", .monitoring, .high, ["eyJrIjoi"], "eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3}",
            entropy: 3.5),
        TokenRule("newrelic-user-key", "New Relic user key", .monitoring, .high, ["NRAK-"], "NRAK-[A-Z0-9]{27}", entropy: 3.3),
        TokenRule(
            "newrelic-insert-key", "New Relic insert key", .monitoring, .medium, ["NRII-"], #"NRII-[A-Za-z0-9_\-]{32}"#,
            entropy: 3.3),
        TokenRule(
            "newrelic-browser-key", "New Relic browser key", .monitoring, .low, ["NRJS-"], "NRJS-[a-f0-9]{19}", entropy: 2.8),
        TokenRule(
            "newrelic-license-key", "New Relic licence key", .monitoring, .high, ["NRAL"], within: .alphanumeric,
            "[a-f0-9]{32,36}(?:FFFF)?NRAL", entropy: 2.8),
        TokenRule(
            "newrelic-key-named", "New Relic key", .monitoring, .high, named: ["new-relic", "newrelic", "new_relic"],
            "[a-z0-9]{64}"),
        TokenRule(
            "datadog-api-key", "Datadog API key", .monitoring, .high, named: ["datadog", "dd_api", "dd-api", "ddapi"],
            "[a-f0-9]{32}"),
        TokenRule(
            "datadog-application-key", "Datadog application key", .monitoring, .high,
            named: ["datadog", "dd_app", "dd-app", "ddapp"], "[a-z0-9]{40}"),
        TokenRule(
            "sentry-organization-token", "Sentry organization token", .monitoring, .high, ["sntrys_"],
            #"sntrys_eyJ[A-Za-z0-9+/=_\-]{60,}"#, entropy: 4),
        TokenRule("sentry-user-token", "Sentry user token", .monitoring, .high, ["sntryu_"], "sntryu_[a-f0-9]{64}", entropy: 3),
        TokenRule("sentry-token", "Sentry token", .monitoring, .high, named: ["sentry"], "[a-f0-9]{64}"),
        TokenRule(
            "sentry-dsn", "Sentry DSN", .monitoring, .low, [".ingest.", "@sentry."], within: .tokenText,
            #"https://[a-f0-9]{32}(?::[a-f0-9]{32})?@(?:o\d+\.ingest\.(?:[a-z]{2}\.)?sentry\.io|sentry\.[a-z0-9.\-]{3,60})/\d+"#,
            entropy: 3),
        TokenRule(
            "honeycomb-key", "Honeycomb key", .monitoring, .medium, ["hcaik_", "hcaic_", "hcxik_", "hcamk_"],
            "hc(?:aik|aic|xik|amk)_[A-Za-z0-9]{50,64}", entropy: 3.8),
        TokenRule(
            "dynatrace-token", "Dynatrace token", .monitoring, .high, ["dt0c01.", "dt0s01.", "dt0s16."],
            #"dt0(?:c01|s01|s16)\.[A-Za-z0-9]{8,24}\.[A-Za-z0-9]{64}"#, entropy: 3.8),
        TokenRule(
            "pagerduty-key", "PagerDuty key", .monitoring, .high, named: ["pagerduty", "pager_duty", "pd_api"],
            #"(?:u\+[A-Za-z0-9_\-]{18}|[a-f0-9]{32}|[A-Za-z0-9_+\-]{20})"#, entropy: 3.3),
        TokenRule(
            "opsgenie-key", "Opsgenie key", .monitoring, .high, named: ["opsgenie"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "splunk-token", "Splunk HEC token", .monitoring, .high, named: ["splunk", "hec_token"],
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
        TokenRule(
            "sumologic-key", "Sumo Logic access key", .monitoring, .high, named: ["sumologic", "sumo_", "sumo-", "sumo"],
            "(?:su[A-Za-z0-9]{12}|[A-Za-z0-9]{64})"),
        TokenRule("rollbar-token", "Rollbar token", .monitoring, .medium, named: ["rollbar"], "[a-f0-9]{32}"),
        TokenRule("bugsnag-key", "Bugsnag key", .monitoring, .low, named: ["bugsnag"], "[a-f0-9]{32}"),
        TokenRule(
            "axiom-token", "Axiom token", .monitoring, .medium, ["xaat-", "xapt-"],
            "xa[ap]t-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", entropy: 3),
        TokenRule("posthog-key", "PostHog personal key", .monitoring, .medium, ["phx_"], "phx_[A-Za-z0-9]{43,60}", entropy: 4),
        TokenRule(
            "launchdarkly-key", "LaunchDarkly key", .monitoring, .medium, ["sdk-", "mob-", "api-"],
            "(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", entropy: 3),
        TokenRule(
            "launchdarkly-token", "LaunchDarkly token", .monitoring, .medium, named: ["launchdarkly"], #"[A-Za-z0-9_=\-]{40}"#,
            entropy: 3.5),
        TokenRule(
            "uptimerobot-key", "UptimeRobot key", .monitoring, .medium, named: ["uptimerobot", "uptime_robot"],
            #"[um]\d{5,9}-[a-f0-9]{24}"#),
        TokenRule("checkly-key", "Checkly key", .monitoring, .medium, ["cu_"], "cu_[a-f0-9]{32}", entropy: 3),
        TokenRule(
            "loggly-token", "Loggly token", .monitoring, .medium, named: ["loggly"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule("logdna-key", "LogDNA key", .monitoring, .medium, named: ["logdna"], "[a-f0-9]{32}"),
        TokenRule("amplitude-key", "Amplitude key", .monitoring, .low, named: ["amplitude"], "[a-f0-9]{32}"),
        TokenRule("mixpanel-secret", "Mixpanel secret", .monitoring, .medium, named: ["mixpanel"], "[a-f0-9]{32}"),
        TokenRule(
            "segment-key", "Segment key", .monitoring, .medium, named: ["segment_write", "segment_key", "segment_api"],
            "[A-Za-z0-9]{32}", check: .mixed, entropy: 3.8),
        TokenRule("statsig-key", "Statsig secret", .monitoring, .medium, ["secret-"], "secret-[A-Za-z0-9]{43}", entropy: 4),
    ]
}
