using System.CommandLine;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary>Whose settings: --topic NAME, --broker ID or --group NAME, or as Kafka's tools have it, --entity-type and --entity-name.</summary>
internal sealed class ConfigTarget
{
    private readonly Option<string?> _topic = new("--topic") { Description = "Settings of this topic." };
    private readonly Option<string?> _broker = new("--broker") { Description = "Settings of the broker with this number." };
    private readonly Option<string?> _group = new("--group") { Description = "Settings of this group." };
    private readonly Option<string?> _type = new("--entity-type") { Description = "topics, brokers or groups.", Hidden = true };
    private readonly Option<string?> _name = new("--entity-name") { Description = "Name of the topic or group, number of the broker.", Hidden = true };

    public void AddTo(Command command)
    {
        command.Add(_topic);
        command.Add(_broker);
        command.Add(_group);
        command.Add(_type);
        command.Add(_name);
    }

    /// <exception cref="CommandFailure">None is named.</exception>
    public ConfigResource Of(ParseResult parsed) =>
        parsed.GetValue(_topic) is { } topic ? Resource(ResourceType.Topic, topic)
        : parsed.GetValue(_broker) is { } broker ? Resource(ResourceType.Broker, broker)
        : parsed.GetValue(_group) is { } group ? Resource(ResourceType.Group, group)
        : (parsed.GetValue(_type), parsed.GetValue(_name)) switch
        {
            ("topics", { } name) => Resource(ResourceType.Topic, name),
            ("brokers", { } name) => Resource(ResourceType.Broker, name),
            ("groups", { } name) => Resource(ResourceType.Group, name),
            // librdkafka sends these two as a type of which brokers know nothing.
            ("broker-loggers" or "client-metrics", _) => throw new CommandFailure("levels of loggers and client metrics are for Kafka's own kafka-configs, whose options are the same"),
            _ => throw new CommandFailure("say whose settings: --topic NAME, --broker ID or --group NAME"),
        };

    private static ConfigResource Resource(ResourceType type, string name) => new() { Type = type, Name = name };
}
