/// Keys that move money or goods.
extension RuleTable {
    static let payments: [TokenRule] = [
        TokenRule(
            "stripe-secret-key", "Stripe secret key", .payment, .critical, ["sk_live_", "sk_test_", "sk_prod_", "sk_org_"],
            "sk_(?:live|test|prod|org)_[A-Za-z0-9_]{10,250}", entropy: 3),
        TokenRule(
            "stripe-restricted-key", "Stripe restricted key", .payment, .critical, ["rk_live_", "rk_test_", "rk_prod_"],
            "rk_(?:live|test|prod)_[A-Za-z0-9_]{10,250}", entropy: 3),
        TokenRule(
            "stripe-webhook-secret", "Stripe or Svix webhook secret", .payment, .high, ["whsec_"],
            "whsec_[A-Za-z0-9+/]{24,70}={0,2}", entropy: 3.5),
        TokenRule(
            "square-token", "Square token", .payment, .critical, ["sq0atp-", "sq0csp-"], #"sq0(?:atp|csp)-[A-Za-z0-9_\-]{22,43}"#,
            entropy: 3.3),
        TokenRule(
            "square-access-token", "Square access token", .payment, .critical, ["EAAA"], #"EAAA[A-Za-z0-9_+\-]{22,60}"#,
            entropy: 4),
        TokenRule(
            "braintree-token", "PayPal Braintree token", .payment, .critical,
            ["access_token$production$", "access_token$sandbox$"],
            #"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"#, entropy: 3),
        TokenRule(
            "paypal-secret", "PayPal client secret", .payment, .critical, named: ["paypal"], #"E[A-Za-z0-9_\-]{79}"#, entropy: 4),
        TokenRule(
            "razorpay-key", "Razorpay key", .payment, .high, ["rzp_live_", "rzp_test_"], "rzp_(?:live|test)_[A-Za-z0-9]{14}",
            entropy: 3),
        TokenRule("adyen-key", "Adyen API key", .payment, .critical, ["AQE"], #"AQE[a-z]hmf[A-Za-z0-9+/=\-]{60,}"#, entropy: 4),
        TokenRule(
            "mollie-key", "Mollie API key", .payment, .critical, named: ["mollie"], "(?:live|test)_[A-Za-z0-9]{30}", entropy: 3.5),
        TokenRule(
            "plaid-token", "Plaid access token", .payment, .critical,
            ["access-sandbox-", "access-development-", "access-production-"],
            "access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", entropy: 3),
        TokenRule(
            "plaid-secret", "Plaid secret", .payment, .critical, named: ["plaid"], "(?:[a-z0-9]{30}|[a-z0-9]{24})", entropy: 3.3),
        TokenRule("coinbase-key", "Coinbase key", .payment, .critical, named: ["coinbase"], #"[A-Za-z0-9_\-]{64}"#, entropy: 3.5),
        TokenRule(
            "shopify-token", "Shopify token", .payment, .critical, ["shpat_", "shpca_", "shppa_", "shpss_", "shpua_", "shptka_"],
            "shp(?:at|ca|pa|ss|ua|tka)_[a-fA-F0-9]{32}", entropy: 3),
        TokenRule(
            "flutterwave-key", "Flutterwave secret key", .payment, .critical, ["FLWSECK-", "FLWSECK_TEST-"],
            "FLWSECK(?:_TEST)?-[a-zA-Z0-9]{12,32}(?:-X)?", entropy: 3),
        TokenRule(
            "duffel-token", "Duffel token", .payment, .high, ["duffel_test_", "duffel_live_"],
            #"duffel_(?:test|live)_[A-Za-z0-9_=\-]{43}"#, entropy: 3.8),
        TokenRule("easypost-key", "EasyPost key", .payment, .high, ["EZAK", "EZTK"], "EZ[AT]K[A-Za-z0-9]{54}", entropy: 3.8),
        TokenRule(
            "gocardless-token", "GoCardless token", .payment, .critical, named: ["gocardless"],
            #"(?:live|sandbox)_[A-Za-z0-9_=\-]{40}"#, entropy: 3.8),
        TokenRule(
            "checkout-key", "Checkout.com key", .payment, .critical, ["sk_sbox_"], "sk_sbox_[a-z2-7]{26}[a-z2-7*#$=]?",
            entropy: 3.5),
        TokenRule(
            "klarna-key", "Klarna key", .payment, .critical, ["klarna_live_api_", "klarna_test_api_"],
            #"klarna_(?:live|test)_api_[A-Za-z0-9+/=_\-]{40,}"#, entropy: 4),
        TokenRule(
            "paddle-key", "Paddle key", .payment, .critical, ["pdl_live_apikey_", "pdl_sdbx_apikey_"],
            "pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}", entropy: 3.8),
        TokenRule(
            "shippo-token", "Shippo token", .payment, .high, ["shippo_live_", "shippo_test_"],
            "shippo_(?:live|test)_[a-f0-9]{40}", entropy: 3),
        TokenRule(
            "lob-key", "Lob key", .payment, .high, named: ["lob_", "lob-", "lobkey"], "(?:live|test)_(?:pub_)?[a-f0-9]{31,35}"),
        TokenRule("kraken-token", "Kraken key", .payment, .critical, named: ["kraken"], #"[A-Za-z0-9/+=_\-]{80,90}"#, entropy: 4),
        TokenRule(
            "kucoin-key", "KuCoin key", .payment, .high, named: ["kucoin"],
            "(?:[a-f0-9]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        TokenRule("bittrex-key", "Bittrex key", .payment, .high, named: ["bittrex"], "[a-z0-9]{32}"),
        TokenRule(
            "binance-key", "Binance key", .payment, .critical, named: ["binance"], "[A-Za-z0-9]{64}", check: .mixed, entropy: 4),
    ]
}
