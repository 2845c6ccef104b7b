/// Keys of services of other kinds.
extension RuleTable {
    static let services: [TokenRule] = [
        TokenRule("linear-key", "Linear key", .saas, .high, ["lin_api_"], "lin_api_[A-Za-z0-9]{40}", entropy: 3.8),
        TokenRule(
            "linear-oauth-token", "Linear OAuth token", .saas, .high, ["lin_oauth_"], "lin_oauth_[A-Za-z0-9]{40,64}", entropy: 3),
        TokenRule("linear-secret", "Linear client secret", .saas, .high, named: ["linear"], "[a-f0-9]{32}"),
        TokenRule("notion-token", "Notion token", .saas, .high, ["ntn_"], "ntn_[A-Za-z0-9]{43,48}", entropy: 4),
        TokenRule(
            "notion-token-old", "Notion token", .saas, .high, ["secret_"], "secret_[A-Za-z0-9]{43}", check: .mixed, entropy: 4),
        TokenRule(
            "figma-token", "Figma token", .saas, .high, ["figd_", "figo_", "figu_", "figr_"], #"fig[dour]_[A-Za-z0-9_\-]{40}"#,
            entropy: 3.8),
        TokenRule(
            "airtable-token", "Airtable token", .saas, .high, named: ["airtable"],
            #"(?:pat[A-Za-z0-9]{14}\.[a-f0-9]{64}|[A-Za-z0-9]{17})"#),
        TokenRule("contentful-token", "Contentful token", .saas, .high, ["CFPAT-"], #"CFPAT-[A-Za-z0-9_\-]{43}"#, entropy: 3.8),
        TokenRule(
            "contentful-delivery-key", "Contentful key", .saas, .medium, named: ["contentful"], #"[A-Za-z0-9_=\-]{43}"#,
            entropy: 3.5),
        TokenRule(
            "hubspot-token", "HubSpot token", .saas, .high, ["pat-na1-", "pat-na2-", "pat-eu1-", "pat-ap1-"],
            #"pat-(?:na[12]|eu1|ap1)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, entropy: 3),
        TokenRule(
            "hubspot-key", "HubSpot key", .saas, .high, named: ["hubspot"],
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
        TokenRule(
            "salesforce-token", "Salesforce session", .saas, .critical, ["00D"],
            "00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?![A-Za-z0-9._]{80,120}", entropy: 4),
        TokenRule("typeform-token", "Typeform token", .saas, .medium, ["tfp_"], #"tfp_[A-Za-z0-9_.=\-]{59}"#, entropy: 4),
        TokenRule(
            "asana-token", "Asana token", .saas, .high, named: ["asana"],
            #"(?:[12]/\d{13,17}(?:/\d{13,17})?:[a-f0-9]{32}|[a-f0-9]{32}|[A-Za-z0-9]{32})"#),
        TokenRule("trello-token", "Trello token", .saas, .high, ["ATTA"], "ATTA[a-f0-9]{64}[A-F0-9]{8}", entropy: 3),
        TokenRule("trello-key", "Trello key", .saas, .medium, named: ["trello"], #"(?:[a-f0-9]{64}|[A-Za-z0-9\-]{32})"#),
        TokenRule("clickup-token", "ClickUp token", .saas, .high, ["pk_"], #"pk_\d{5,10}_[A-Z0-9]{32}"#, entropy: 3.5),
        TokenRule("frameio-token", "Frame.io token", .saas, .medium, ["fio-u-"], #"fio-u-[A-Za-z0-9_=\-]{64}"#, entropy: 4),
        TokenRule("adobe-secret", "Adobe client secret", .saas, .high, ["p8e-"], #"p8e-[A-Za-z0-9_\-]{32}"#, entropy: 3.3),
        TokenRule("adobe-client-id", "Adobe client id", .saas, .low, named: ["adobe"], "[a-f0-9]{32}"),
        TokenRule("adafruit-key", "Adafruit IO key", .saas, .medium, ["aio_"], "aio_[A-Za-z0-9]{28}", entropy: 3.8),
        TokenRule(
            "adafruit-key-named", "Adafruit key", .saas, .medium, named: ["adafruit"], #"[A-Za-z0-9_\-]{32}"#, entropy: 3.5),
        TokenRule(
            "maxmind-key", "MaxMind licence key", .saas, .medium, ["_mmk"], within: .word, "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
            entropy: 3.8),
        TokenRule(
            "mapbox-token", "Mapbox secret token", .saas, .high, ["sk.eyJ", "pk.eyJ"],
            #"[sp]k\.eyJ[A-Za-z0-9_\-]{50,}\.[A-Za-z0-9_\-]{20,24}"#, entropy: 4),
        TokenRule(
            "dnsimple-token", "DNSimple token", .saas, .high, ["dnsimple_a_", "dnsimple_u_"], "dnsimple_[au]_[A-Za-z0-9]{32}",
            entropy: 3.8),
        TokenRule("beamer-token", "Beamer token", .saas, .medium, named: ["beamer"], #"b_[A-Za-z0-9_=\-]{44}"#, entropy: 3.8),
        TokenRule("bitly-token", "Bitly token", .saas, .medium, named: ["bitly"], "[a-f0-9]{40}"),
        TokenRule("finicity-secret", "Finicity secret", .saas, .high, named: ["finicity"], "(?:[A-Za-z0-9]{20}|[a-f0-9]{32})"),
        TokenRule("freshbooks-token", "FreshBooks token", .saas, .high, named: ["freshbooks"], "[A-Za-z0-9]{64}", entropy: 3.5),
        TokenRule("freshdesk-token", "Freshdesk key", .saas, .high, named: ["freshdesk"], "[A-Za-z0-9]{20}", entropy: 3.3),
        TokenRule("gitter-token", "Gitter token", .saas, .medium, named: ["gitter"], #"[A-Za-z0-9_\-]{40}"#, entropy: 3.5),
        TokenRule("etsy-token", "Etsy token", .saas, .medium, named: ["etsy"], "[a-z0-9]{24}", entropy: 3.3),
        TokenRule(
            "squarespace-token", "Squarespace token", .saas, .high, named: ["squarespace"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "godaddy-key", "GoDaddy key", .saas, .high, named: ["godaddy"], "[A-Za-z0-9]{10,12}_[A-Za-z0-9]{22}", entropy: 3.8),
        TokenRule("flickr-token", "Flickr token", .saas, .medium, named: ["flickr"], "[a-f0-9]{32}"),
        TokenRule("etherscan-key", "Etherscan key", .saas, .medium, named: ["etherscan"], "[A-Z0-9]{34}", entropy: 3.8),
        TokenRule("infura-secret", "Infura secret", .saas, .medium, named: ["infura"], "[a-f0-9]{32}"),
        TokenRule(
            "ethereum-private-key", "Ethereum private key", .crypto, .critical,
            named: ["private_key", "privatekey", "eth_key", "wallet"], "(?:0x)?[a-fA-F0-9]{64}", entropy: 3.3),
        TokenRule(
            "bitcoin-private-key", "Bitcoin private key", .crypto, .critical,
            named: ["wif", "bitcoin", "private_key", "privkey"], "[5KL][1-9A-HJ-NP-Za-km-z]{50,51}", entropy: 4),
        TokenRule(
            "extended-private-key", "BIP 32 extended private key", .crypto, .critical, ["xprv", "yprv", "zprv", "tprv"],
            "[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107,108}", entropy: 4),
        TokenRule(
            "here-key", "HERE or MapQuest key", .saas, .low, named: ["here_api", "mapquest"], #"[A-Za-z0-9_\-]{32,43}"#,
            check: .mixed, entropy: 4),
        TokenRule(
            "privateai-key", "Private AI key", .saas, .medium, named: ["privateai", "private_ai"], "[a-z0-9]{32}", entropy: 3.3),
        TokenRule(
            "settlemint-token", "SettleMint token", .saas, .high, ["sm_aat_", "sm_pat_", "sm_sat_"], "sm_[aps]at_[A-Za-z0-9]{16}",
            entropy: 3),
        TokenRule(
            "sidekiq-secret", "Sidekiq licence", .saas, .medium,
            named: ["bundle_enterprise__contribsys__com", "bundle_gems__contribsys__com"], "[a-f0-9]{8}:[a-f0-9]{8}", entropy: 2.5
        ),
        TokenRule(
            "openvsx-token", "Open VSX token", .saas, .high, ["ovsxp_", "ovsxat_"],
            "ovsx(?:p|at)_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", entropy: 3),
        TokenRule(
            "nytimes-key", "New York Times key", .saas, .low, named: ["nytimes", "newyorktimes", "new-york-times"],
            #"[A-Za-z0-9=_\-]{32}"#, entropy: 3.5),
    ]
}
