/// Keys of language models and what belongs to them.
extension RuleTable {
    static let models: [TokenRule] = [
        TokenRule(
            "openai-key", "OpenAI API key", .ai, .critical, ["T3BlbkFJ"], within: .base64URL,
            #"sk-(?:[A-Za-z]+-)?[A-Za-z0-9_\-]{16,100}T3BlbkFJ[A-Za-z0-9_\-]{16,100}"#, entropy: 4),
        TokenRule(
            "anthropic-key", "Anthropic API key", .ai, .critical, ["sk-ant-"],
            #"sk-ant-(?:api|admin)\d{2}-[A-Za-z0-9_\-]{80,120}"#, entropy: 4),
        TokenRule(
            "anthropic-session", "Anthropic OAuth token", .ai, .high, ["sk-ant-"],
            #"sk-ant-(?:oat|ort|sid)\d{2}-[A-Za-z0-9_\-]{60,140}"#, entropy: 4),
        TokenRule("huggingface-token", "Hugging Face token", .ai, .high, ["hf_"], "hf_[A-Za-z0-9]{34,38}", entropy: 3.8),
        TokenRule(
            "huggingface-organization-token", "Hugging Face organization token", .ai, .high, ["api_org_"],
            "api_org_[A-Za-z0-9]{34}", entropy: 3.8),
        TokenRule(
            "sk-api-key", "API key beginning with sk-", .ai, .high, ["sk-"], "sk-(?:[a-f0-9]{32}|[A-Za-z0-9]{40,64})", entropy: 3,
            isGeneric: true),
        TokenRule("openrouter-key", "OpenRouter key", .ai, .high, ["sk-or-v1-"], "sk-or-v1-[a-f0-9]{64}", entropy: 3),
        TokenRule(
            "langfuse-key", "Langfuse secret key", .ai, .high, ["sk-lf-"],
            "sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", entropy: 3),
        TokenRule(
            "langsmith-key", "LangSmith key", .ai, .high, ["lsv2_pt_", "lsv2_sk_"], "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}",
            entropy: 3),
        TokenRule("groq-key", "Groq key", .ai, .high, ["gsk_"], "gsk_[A-Za-z0-9]{52}", entropy: 4),
        TokenRule("perplexity-key", "Perplexity key", .ai, .high, ["pplx-"], "pplx-[A-Za-z0-9]{40,56}", entropy: 4),
        TokenRule("xai-key", "xAI key", .ai, .high, ["xai-"], "xai-[A-Za-z0-9]{70,90}", entropy: 4),
        TokenRule("replicate-token", "Replicate token", .ai, .high, ["r8_"], "r8_[A-Za-z0-9]{37,40}", entropy: 4),
        TokenRule("pinecone-key", "Pinecone key", .ai, .high, ["pcsk_"], "pcsk_[A-Za-z0-9_]{50,80}", entropy: 4),
        TokenRule("nvidia-key", "NVIDIA key", .ai, .high, ["nvapi-"], #"nvapi-[A-Za-z0-9_\-]{60,72}"#, entropy: 4),
        TokenRule(
            "elevenlabs-key", "ElevenLabs key", .ai, .medium, named: ["elevenlabs", "eleven_labs", "xi-api-key"],
            "(?:sk_[a-f0-9]{48}|[a-f0-9]{32})"),
        TokenRule(
            "cohere-key", "Cohere key", .ai, .high, named: ["cohere", "co_api"], "[A-Za-z0-9]{40}", check: .mixed, entropy: 4),
        TokenRule("mistral-key", "Mistral key", .ai, .high, named: ["mistral"], "[A-Za-z0-9]{32}", check: .mixed, entropy: 3.8),
        TokenRule("wandb-key", "Weights and Biases key", .ai, .medium, named: ["wandb"], "[a-f0-9]{40}"),
        TokenRule("fireworks-key", "Fireworks key", .ai, .medium, ["fw_"], "fw_[A-Za-z0-9]{22,26}", entropy: 3.8),
        TokenRule(
            "tavily-key", "Tavily key", .ai, .medium, ["tvly-"], #"tvly-(?:dev-|prod-)?[A-Za-z0-9_\-]{32,40}"#, entropy: 3.8),
        TokenRule("jina-key", "Jina key", .ai, .medium, ["jina_"], #"jina_[a-f0-9]{32}[A-Za-z0-9_\-]{20,36}"#, entropy: 3.5),
        TokenRule("cerebras-key", "Cerebras key", .ai, .high, ["csk-"], "csk-[a-z0-9]{48}", entropy: 3.8),
        TokenRule("firecrawl-key", "Firecrawl key", .ai, .medium, ["fc-"], "fc-[a-f0-9]{32}", entropy: 3),
        TokenRule("voyage-key", "Voyage key", .ai, .medium, named: ["voyage"], #"(?:pa|al)-[A-Za-z0-9_\-]{43}"#, entropy: 4),
        TokenRule("assemblyai-key", "AssemblyAI key", .ai, .medium, named: ["assemblyai", "assembly_ai"], "[a-f0-9]{32}"),
        TokenRule("deepgram-key", "Deepgram key", .ai, .medium, named: ["deepgram"], "[a-f0-9]{40}"),
    ]
}
