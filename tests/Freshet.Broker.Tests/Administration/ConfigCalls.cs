using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Tests.Administration;

/// <summary>Calls about settings of any type of resource; Confluent's client knows three types.</summary>
internal static class ConfigCalls
{
    /// <summary>Changes settings, one at a time.</summary>
    public static async Task<(ErrorCode Error, string? Problem)> AlterAsync(
        this WireClient client, ConfigResourceType type, string resource, bool validateOnly, params (string Name, ConfigOperation Operation, string? Value)[] changes)
    {
        byte[] body = await client.AskAsync(ApiKey.IncrementalAlterConfigs, 1, (ref KafkaWriter writer) =>
        {
            WriteResource(ref writer, type, resource);
            writer.WriteLength(changes.Length);
            foreach ((string name, ConfigOperation operation, string? value) in changes)
            {
                writer.WriteString(name);
                writer.WriteInt8((sbyte)operation);
                writer.WriteString(value);
                writer.WriteNoTags();
            }

            WriteEnd(ref writer, validateOnly);
        });
        return ReadOutcome(WireClient.Reader(ApiKey.IncrementalAlterConfigs, 1, body));
    }

    /// <summary>Replaces all settings.</summary>
    public static async Task<(ErrorCode Error, string? Problem)> ReplaceAsync(
        this WireClient client, ConfigResourceType type, string resource, params (string Name, string Value)[] settings)
    {
        byte[] body = await client.AskAsync(ApiKey.AlterConfigs, 2, (ref KafkaWriter writer) =>
        {
            WriteResource(ref writer, type, resource);
            writer.WriteLength(settings.Length);
            foreach ((string name, string value) in settings)
            {
                writer.WriteString(name);
                writer.WriteString(value);
                writer.WriteNoTags();
            }

            WriteEnd(ref writer, validateOnly: false);
        });
        return ReadOutcome(WireClient.Reader(ApiKey.AlterConfigs, 2, body));
    }

    /// <summary>The settings of a resource by name, or why there are none.</summary>
    public static async Task<(ErrorCode Error, Dictionary<string, (string? Value, ConfigSource Source)> Settings)> DescribeAsync(
        this WireClient client, ConfigResourceType type, string resource)
    {
        byte[] body = await client.AskAsync(ApiKey.DescribeConfigs, 4, (ref KafkaWriter writer) =>
        {
            WriteResource(ref writer, type, resource);
            writer.WriteLength(-1);
            writer.WriteNoTags();
            writer.WriteBool(false);
            writer.WriteBool(false);
            writer.WriteNoTags();
        });
        KafkaReader reader = WireClient.Reader(ApiKey.DescribeConfigs, 4, body);
        reader.ReadInt32();
        Assert.Equal(1, reader.ReadCount());
        var error = (ErrorCode)reader.ReadInt16();
        reader.ReadNullableString();
        reader.ReadInt8();
        reader.ReadString();
        var settings = new Dictionary<string, (string? Value, ConfigSource Source)>();
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            string name = reader.ReadString();
            string? value = reader.ReadNullableString();
            reader.ReadBool();
            settings.Add(name, (value, (ConfigSource)reader.ReadInt8()));
            reader.ReadBool();
            Assert.Equal(0, reader.ReadCount());
            reader.ReadInt8();
            reader.ReadNullableString();
            reader.SkipTags();
        }

        return (error, settings);
    }

    private static void WriteResource(ref KafkaWriter writer, ConfigResourceType type, string resource)
    {
        writer.WriteLength(1);
        writer.WriteInt8((sbyte)type);
        writer.WriteString(resource);
    }

    private static void WriteEnd(ref KafkaWriter writer, bool validateOnly)
    {
        writer.WriteNoTags();
        writer.WriteBool(validateOnly);
        writer.WriteNoTags();
    }

    private static (ErrorCode Error, string? Problem) ReadOutcome(KafkaReader reader)
    {
        reader.ReadInt32();
        Assert.Equal(1, reader.ReadCount());
        return ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString());
    }
}
