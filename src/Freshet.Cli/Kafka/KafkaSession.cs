using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>How to reach a broker, and where answers go: what every command about topics and groups is given.</summary>
/// <param name="Settings">Settings of librdkafka beside the address, such as those of TLS and SASL.</param>
/// <param name="Timeout">How long to wait for an answer.</param>
internal sealed record KafkaSession(
    string BootstrapServers, IReadOnlyList<KeyValuePair<string, string>> Settings, TimeSpan Timeout, bool AsJson, TextWriter Output, TextWriter Errors)
{
    /// <summary>What the client library said last of a connection; its calls only say that they waited in vain.</summary>
    private Error? _trouble;

    public IAdminClient Admin() => new AdminClientBuilder(Configure(new AdminClientConfig()))
        .SetErrorHandler((_, error) => Note(error)).SetLogHandler(Quiet).Build();

    public IProducer<byte[]?, byte[]?> Producer(ProducerConfig config) => new ProducerBuilder<byte[]?, byte[]?>(Configure(config))
        .SetErrorHandler((_, error) => Note(error)).SetLogHandler(Quiet).Build();

    public IConsumer<byte[]?, byte[]?> Consumer(ConsumerConfig config) => new ConsumerBuilder<byte[]?, byte[]?>(Configure(config))
        .SetErrorHandler((_, error) => Note(error)).SetLogHandler(Quiet).Build();

    public void Write(Report report) => report.Write(Output, AsJson);

    /// <summary>Says in words what went wrong.</summary>
    public string Explain(KafkaException failure) => failure.Error.Code switch
    {
        _ when _trouble?.Code is ErrorCode.Local_Authentication =>
            $"{BootstrapServers} does not let you in: {_trouble.Reason}; -X and --command-config say who you are",
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve =>
            $"no broker answered at {BootstrapServers} within {Timeout.TotalSeconds:0.#} s{Trouble}; --bootstrap-server names another",
        ErrorCode.Local_InvalidArg => $"{failure.Error.Reason}; see -X and --command-config",
        _ => failure.Error.Reason,
    };

    private string Trouble => _trouble switch
    {
        null => "",
        { Code: ErrorCode.Local_AllBrokersDown } => " (the connection was closed: it may be for TLS or SASL, see -X)",
        _ => $" ({_trouble.Reason})",
    };

    /// <summary>That all brokers are down is said behind every reason, and is none.</summary>
    private void Note(Error error) => _trouble = error.Code == ErrorCode.Local_AllBrokersDown ? _trouble ?? error : error;

    private TConfig Configure<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.BootstrapServers = BootstrapServers;
        config.ClientId ??= "freshet";
        foreach ((string name, string value) in Settings)
        {
            config.Set(name, value);
        }

        return config;
    }

    private static void Quiet(IClient client, LogMessage message)
    {
    }
}
