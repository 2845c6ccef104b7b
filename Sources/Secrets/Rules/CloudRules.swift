/// Keys of cloud platforms.
extension RuleTable {
    static let cloud: [TokenRule] = [
        TokenRule(
            "aws-access-key-id", "AWS access key id", .cloud, .high, ["AKIA", "ASIA", "ABIA", "ACCA"],
            "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", check: .awsAccount, entropy: 2.8),
        TokenRule(
            "aws-secret-access-key", "AWS secret access key", .cloud, .critical,
            named: [
                "aws_secret", "secret_access_key", "secretaccesskey", "secret-access-key", "aws_sec_key", "aws_key", "awssecret",
            ], "[A-Za-z0-9/+]{40}", check: .mixed, entropy: 4),
        TokenRule(
            "aws-session-token", "AWS session token", .cloud, .high, ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"],
            "(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9/+]{80,}={0,2}", entropy: 4),
        TokenRule(
            "aws-instance-metadata-token", "AWS instance metadata token", .cloud, .medium, ["AQAEA"],
            #"AQAEA[A-Za-z0-9_+/\-]{47,51}={1,2}"#, entropy: 4),
        TokenRule(
            "aws-bedrock-key", "Amazon Bedrock key", .cloud, .critical, ["ABSKQmVkcm9ja0FQSUtleS"],
            "ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{80,}={0,2}", entropy: 3.5),
        TokenRule(
            "aws-bedrock-short-key", "Amazon Bedrock short-term key", .cloud, .high, ["bedrock-api-key-"],
            "bedrock-api-key-[A-Za-z0-9+/]{80,}={0,2}", entropy: 3.5),
        TokenRule(
            "aws-marketplace-token", "Amazon MWS token", .cloud, .high, ["amzn.mws."],
            #"amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, entropy: 2.8),
        TokenRule("aws-appsync-key", "AWS AppSync key", .cloud, .medium, ["da2-"], "da2-[a-z0-9]{26}", entropy: 3.3),
        TokenRule("google-api-key", "Google API key", .cloud, .high, ["AIza"], #"AIza[A-Za-z0-9_\-]{35}"#, entropy: 3.5),
        TokenRule(
            "google-oauth-token", "Google OAuth access token", .cloud, .high, ["ya29."], #"ya29\.[A-Za-z0-9_\-]{30,}"#,
            entropy: 3.5),
        TokenRule(
            "google-oauth-client-secret", "Google OAuth client secret", .cloud, .high, ["GOCSPX-"], #"GOCSPX-[A-Za-z0-9_\-]{28}"#,
            entropy: 3.5),
        TokenRule(
            "google-refresh-token", "Google OAuth refresh token", .cloud, .critical, ["1//0"], #"1//0[A-Za-z0-9_\-]{40,}"#,
            entropy: 4),
        TokenRule(
            "google-hmac-key-id", "Google storage HMAC key id", .cloud, .medium, ["GOOG1E"], "GOOG1E[A-Z2-7]{20,55}", entropy: 3.5
        ),
        TokenRule(
            "google-messaging-key", "Firebase messaging key", .cloud, .high, [":APA91b"], within: .wordColon,
            #"[A-Za-z0-9_\-]{7,11}:APA91b[A-Za-z0-9_\-]{134}"#, entropy: 4),
        TokenRule(
            "azure-storage-key", "Azure storage account key", .cloud, .critical, ["AccountKey="],
            "AccountKey=([A-Za-z0-9+/]{86}==)", entropy: 4),
        TokenRule(
            "azure-storage-key-named", "Azure storage account key", .cloud, .critical,
            named: ["account_key", "accountkey", "storage_key", "storagekey", "account-key"], "[A-Za-z0-9+/]{86}==", entropy: 4),
        TokenRule(
            "azure-shared-access-key", "Azure shared access key", .cloud, .critical, ["SharedAccessKey="],
            "SharedAccessKey=([A-Za-z0-9+/]{43}=)", entropy: 4),
        TokenRule(
            "azure-shared-access-signature", "Azure shared access signature", .cloud, .high, ["&sig=", "?sig=", ";sig="],
            "[&?;]sig=([A-Za-z0-9%+/]{40,70}(?:%3[dD]|=))", entropy: 4),
        TokenRule(
            "azure-client-secret", "Entra ID client secret", .cloud, .critical,
            ["0Q~", "1Q~", "2Q~", "3Q~", "4Q~", "5Q~", "6Q~", "7Q~", "8Q~", "9Q~"], within: .unreserved,
            #"[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}"#, entropy: 4),
        TokenRule(
            "azure-devops-token", "Azure DevOps token", .cloud, .critical, ["AZDO"], within: .alphanumeric,
            "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}", entropy: 4),
        TokenRule(
            "azure-devops-token-old", "Azure DevOps token", .cloud, .high,
            named: ["azure_devops", "azuredevops", "devops_pat", "ado_pat", "azdo"], "[a-z2-7]{52}", entropy: 3.8),
        TokenRule(
            "azure-search-key", "Azure AI Search key", .cloud, .high, ["AzSe"], within: .alphanumeric,
            "[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}", entropy: 4),
        TokenRule(
            "azure-container-registry-key", "Azure container registry key", .cloud, .high, ["+ACR"], within: .base64,
            #"[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9]{5}"#, entropy: 4),
        TokenRule(
            "azure-function-key", "Azure Functions key", .cloud, .high, ["AzFu"], within: .base64URL,
            #"[A-Za-z0-9_\-]{44}AzFu[A-Za-z0-9\-_]{5}[AQgw]=="#, entropy: 4),
        TokenRule(
            "azure-ai-key", "Azure AI services key", .cloud, .high, ["JQQJ99"], within: .alphanumeric,
            "[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}", entropy: 4),
        TokenRule(
            "azure-cosmos-key", "Azure Cosmos DB key", .cloud, .critical, ["ACDb"], within: .base64,
            "[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{6}==", entropy: 4),
        TokenRule(
            "azure-storage-key-signed", "Azure storage account key", .cloud, .critical, ["+ASt"], within: .base64,
            #"[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}=="#, entropy: 4),
        TokenRule(
            "digitalocean-token", "DigitalOcean token", .cloud, .critical, ["dop_v1_", "doo_v1_", "dor_v1_"],
            "do[por]_v1_[a-f0-9]{64}", entropy: 3),
        TokenRule(
            "digitalocean-spaces-key", "DigitalOcean Spaces key", .cloud, .high,
            named: ["spaces_secret", "spaces_key", "do_spaces"], "[A-Za-z0-9/+]{43}", entropy: 4),
        TokenRule(
            "alibaba-access-key-id", "Alibaba Cloud access key id", .cloud, .high, ["LTAI"], "LTAI[A-Za-z0-9]{12,26}",
            entropy: 3.3),
        TokenRule(
            "alibaba-secret-key", "Alibaba Cloud secret key", .cloud, .critical, named: ["alibaba", "aliyun", "alicloud"],
            "[A-Za-z0-9]{30}", check: .mixed, entropy: 3.8),
        TokenRule("tencent-secret-id", "Tencent Cloud secret id", .cloud, .high, ["AKID"], "AKID[A-Za-z0-9]{32}", entropy: 3.8),
        TokenRule("yandex-api-key", "Yandex Cloud API key", .cloud, .high, ["AQVN"], #"AQVN[A-Za-z0-9_\-]{35,38}"#, entropy: 3.8),
        TokenRule(
            "yandex-iam-token", "Yandex Cloud IAM token", .cloud, .high, ["t1."],
            #"t1\.[A-Za-z0-9_\-]{20,}={0,2}\.[A-Za-z0-9_\-]{86}={0,2}"#, entropy: 4),
        TokenRule(
            "yandex-secret-key", "Yandex Cloud secret", .cloud, .high, named: ["yandex"],
            #"(?:YC[A-Za-z0-9_\-]{38}|y[0-3]_[A-Za-z0-9_\-]{40,})"#, entropy: 3.8),
        TokenRule(
            "ibm-cloud-key", "IBM Cloud API key", .cloud, .high, named: ["ibm"], #"[A-Za-z0-9_\-]{44}"#, check: .mixed, entropy: 4
        ),
        TokenRule(
            "oracle-cloud-token", "Oracle Cloud token", .cloud, .high, named: ["oci_auth_token", "oci_token", "oracle_token"],
            #"[^\s"']{20}"#, entropy: 3.5),
        TokenRule("linode-token", "Linode token", .cloud, .high, named: ["linode"], "[a-f0-9]{64}"),
        TokenRule("vultr-key", "Vultr API key", .cloud, .high, named: ["vultr"], "[A-Z0-9]{36}", entropy: 3.5),
        TokenRule(
            "hetzner-token", "Hetzner Cloud token", .cloud, .high, named: ["hcloud", "hetzner"], "[A-Za-z0-9]{64}", check: .mixed,
            entropy: 4),
        TokenRule("scaleway-access-key", "Scaleway access key", .cloud, .medium, ["SCW"], "SCW[A-Z0-9]{17}", entropy: 3.3),
        TokenRule(
            "scaleway-secret-key", "Scaleway secret key", .cloud, .high, named: ["scw_secret", "scaleway"],
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "ovh-key", "OVH application or consumer secret", .cloud, .high, named: ["ovh"], "[A-Za-z0-9]{32}", entropy: 3.8),
        TokenRule("exoscale-key", "Exoscale API key", .cloud, .high, ["EXO"], "EXO[a-f0-9]{24}", entropy: 3),
        TokenRule(
            "cloudflare-token", "Cloudflare API token", .cloud, .high, named: ["cloudflare", "cf_api", "cf_token"],
            #"[A-Za-z0-9_\-]{40}"#, entropy: 3.5),
        TokenRule(
            "cloudflare-global-key", "Cloudflare global API key", .cloud, .critical,
            named: ["cloudflare", "cf_global", "cf_api"], "[a-f0-9]{37}"),
        TokenRule(
            "cloudflare-origin-key", "Cloudflare origin CA key", .cloud, .critical, ["v1.0-"],
            #"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"#, entropy: 3),
        TokenRule(
            "cloudflare-tunnel-token", "Cloudflare tunnel token", .cloud, .high, ["eyJhIjoi"],
            "eyJhIjoi[A-Za-z0-9+/]{120,}={0,2}", entropy: 4),
        TokenRule("fastly-token", "Fastly token", .cloud, .high, named: ["fastly"], #"[A-Za-z0-9_=\-]{32}"#, entropy: 3.5),
        TokenRule(
            "akamai-token", "Akamai EdgeGrid token", .cloud, .high, ["akab-"], "akab-[a-z0-9]{16}-[a-z0-9]{16}", entropy: 3.3),
        TokenRule("heroku-token", "Heroku API key", .cloud, .high, ["HRKU-"], #"HRKU-[A-Za-z0-9_\-]{36,64}"#, entropy: 3),
        TokenRule(
            "heroku-key", "Heroku API key", .cloud, .high, named: ["heroku"],
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
        TokenRule(
            "fly-token", "Fly.io token", .cloud, .critical, ["fm1_", "fm2_", "fm1a_", "fm1r_"],
            #"fm(?:1|2|1a|1r)_[A-Za-z0-9+/_\-]{60,}={0,3}"#, entropy: 4),
        TokenRule("fly-access-token", "Fly.io access token", .cloud, .critical, ["fo1_"], #"fo1_[A-Za-z0-9_\-]{43}"#, entropy: 4),
        TokenRule("render-key", "Render API key", .cloud, .high, ["rnd_"], "rnd_[A-Za-z0-9]{32}", entropy: 3.8),
        TokenRule(
            "netlify-token", "Netlify token", .cloud, .high, ["nfp_", "nfo_", "nfc_", "nfu_", "nfb_"],
            "nf[pocub]_[A-Za-z0-9_]{36}", entropy: 3.8),
        TokenRule(
            "netlify-token-named", "Netlify token", .cloud, .high, named: ["netlify"], #"[A-Za-z0-9_=\-]{40,46}"#, entropy: 3.5),
        TokenRule(
            "vercel-token", "Vercel token", .cloud, .high, named: ["vercel", "zeit"], "[A-Za-z0-9]{24}", check: .mixed,
            entropy: 3.8),
        TokenRule("supabase-token", "Supabase token", .cloud, .high, ["sbp_"], "sbp_[a-f0-9]{40}", entropy: 3),
        TokenRule(
            "supabase-secret-key", "Supabase secret key", .cloud, .critical, ["sb_secret_"], #"sb_secret_[A-Za-z0-9_\-]{31}"#,
            entropy: 3.8),
        TokenRule(
            "railway-token", "Railway token", .cloud, .high, named: ["railway"],
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule(
            "dropbox-token", "Dropbox token", .cloud, .high, ["sl."], #"sl\.(?:u\.)?[A-Za-z0-9_\-]{120,}={0,2}"#, entropy: 4),
        TokenRule(
            "dropbox-key", "Dropbox API secret", .cloud, .high, named: ["dropbox"],
            #"(?:[a-z0-9]{15}|[a-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=\-]{43})"#),
        TokenRule(
            "openshift-token", "OpenShift token", .cloud, .critical, ["sha256~"], #"sha256~[A-Za-z0-9_\-]{43}"#, entropy: 4),
        TokenRule("databricks-token", "Databricks token", .cloud, .critical, ["dapi"], #"dapi[a-f0-9]{32}(?:-\d)?"#, entropy: 3),
    ]
}
