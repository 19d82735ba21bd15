namespace Freshet.Node.Configuration.Kafka;

/// <summary>Keys of Apache Kafka that Freshet knows and does nothing with, and those it must not pass over.</summary>
internal static class KafkaKeysWithoutMeaning
{
    private const string Elsewhere = "Freshet does this in its own way; the line has no effect.";
    private const string OneCopy = "Freshet keeps one copy of each partition; the line has no effect.";
    private const string Later = "Freshet does not have this yet; the line has no effect.";

    /// <summary>In every sample file, and without a meaning to a broker on its own, Apache's too.</summary>
    private static readonly HashSet<string> Silent =
    [
        "inter.broker.listener.name", "security.inter.broker.protocol", "sasl.mechanism.inter.broker.protocol", "inter.broker.protocol.version",
        "log.message.format.version", "zookeeper.connection.timeout.ms", "zookeeper.session.timeout.ms", "num.network.threads", "num.io.threads",
        "socket.send.buffer.bytes", "socket.receive.buffer.bytes", "num.recovery.threads.per.data.dir", "log.cleaner.threads",
        "broker.id.generation.enable", "reserved.broker.max.id", "ssl.endpoint.identification.algorithm",
    ];

    /// <summary>Keys that say what is so here anyway, with the value that does.</summary>
    private static readonly Dictionary<string, string> AsHere = new()
    {
        ["delete.topic.enable"] = "true",
        ["log.cleaner.enable"] = "true",
        ["default.replication.factor"] = "1",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
        ["unclean.leader.election.enable"] = "false",
    };

    private static readonly (string Prefix, string Reason)[] ReasonsByPrefix =
    [
        ("controller.", Elsewhere), ("metadata.", Elsewhere), ("ssl.", Elsewhere), ("num.", Elsewhere), ("queued.", Elsewhere), ("background.", Elsewhere), ("log.flush.", Elsewhere),
        ("socket.", Elsewhere), ("replica.", OneCopy), ("leader.", OneCopy), ("unclean.", OneCopy), ("offsets.topic.replication", OneCopy),
        ("transaction.state.log.replication", OneCopy), ("transaction.state.log.min.isr", OneCopy), ("default.replication.factor", OneCopy),
        ("auto.leader.", OneCopy), ("share.", Later), ("group.", Later), ("remote.log.", Later), ("delegation.", Later), ("quota.", Later),
        ("log.cleaner.enable", "Freshet compacts the topics that ask for it; the line has no effect."),
        ("log.cleaner.", Elsewhere), ("delete.topic.enable", "Freshet deletes topics all the same; a rule that denies Delete keeps them (kafka-acls)."), ("transaction.", Later), ("sasl.", Later), ("listener.name.", Later), ("zookeeper.", Later), ("metric", Elsewhere),
        ("kafka.metrics.", Elsewhere), ("client.quota.", Later), ("alter.", Later), ("broker.rack", OneCopy), ("principal.builder.class", Later),
    ];

    /// <summary>Says what becomes of a line that sets nothing; null when there is nothing to say.</summary>
    /// <exception cref="InvalidDataException">The line asks for protection that Freshet cannot give.</exception>
    public static string? Explain(ConfigurationEntry line)
    {
        if (line.Key is "zookeeper.set.acl" or "zookeeper.ssl.client.enable" && line.Switch())
        {
            throw line.Wrong("Freshet's broker does not have this protection yet. Remove the line only if you can do without it.");
        }

        if (line.Key.EndsWith(".class", StringComparison.Ordinal) && line.Value.Length > 0 && line.Key.Contains("principal", StringComparison.Ordinal))
        {
            throw line.Wrong("Freshet names clients by ssl.principal.mapping.rules. Use those, or remove the line.");
        }

        return Silent.Contains(line.Key) || (AsHere.TryGetValue(line.Key, out string? same) && line.Value == same) ? null
            : line.Note(ReasonsByPrefix.FirstOrDefault(entry => line.Key.StartsWith(entry.Prefix, StringComparison.Ordinal)).Reason ?? "This key is not known; the line has no effect.");
    }
}
