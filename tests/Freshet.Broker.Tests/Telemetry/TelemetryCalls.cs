using Freshet.Broker.Tests.Administration;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>What the broker asks of a client.</summary>
internal sealed record Subscribed(ErrorCode Error, Guid Client, int Id, sbyte[] Compressions, int IntervalMs, int MaxBytes, bool Delta, string[] Metrics);

/// <summary>What clients that send metrics of theirs ask and send, and what operators ask of them.</summary>
internal static class TelemetryCalls
{
    /// <summary>Says what the client is, as clients do first.</summary>
    public static Task<byte[]> IntroduceAsync(this WireClient client, string software, string version) =>
        client.AskAsync(ApiKey.ApiVersions, 3, new ApiVersionsRequest(software, version).Write);

    public static Task<Subscribed> SubscribedAsync(this WireClient client, Guid id = default) => client.AskAsync(
        ApiKey.GetTelemetrySubscriptions, 0,
        (ref KafkaWriter writer) =>
        {
            writer.WriteUuid(id);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            Assert.Equal(0, reader.ReadInt32());
            var error = (ErrorCode)reader.ReadInt16();
            Guid client = reader.ReadUuid();
            int subscription = reader.ReadInt32();
            var compressions = new sbyte[reader.ReadCount()];
            for (int index = 0; index < compressions.Length; index++)
            {
                compressions[index] = reader.ReadInt8();
            }

            return new Subscribed(
                error, client, subscription, compressions, reader.ReadInt32(), reader.ReadInt32(), reader.ReadBool(), reader.ReadStringArray());
        });

    public static Task<ErrorCode> PushAsync(
        this WireClient client, Subscribed subscribed, byte[] metrics, sbyte compression = 0, bool terminating = false) => client.AskAsync(
        ApiKey.PushTelemetry, 0,
        (ref KafkaWriter writer) =>
        {
            writer.WriteUuid(subscribed.Client);
            writer.WriteInt32(subscribed.Id);
            writer.WriteBool(terminating);
            writer.WriteInt8(compression);
            writer.WriteBytes(metrics);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            Assert.Equal(0, reader.ReadInt32());
            return (ErrorCode)reader.ReadInt16();
        });

    /// <summary>Sets up a subscription, or changes it.</summary>
    public static async Task SubscribeAsync(this WireClient client, string subscription, params (string Name, string Value)[] settings) => Assert.Equal(
        (ErrorCode.None, null),
        await client.AlterAsync(
            ConfigResourceType.ClientMetrics, subscription, false, [.. settings.Select(setting => (setting.Name, ConfigOperation.Set, (string?)setting.Value))]));

    /// <summary>Names of the subscriptions, by either version of the request.</summary>
    public static Task<string[]> SubscriptionsAsync(this WireClient client, short version) => client.AskAsync(
        ApiKey.ListConfigResources, version,
        (ref KafkaWriter writer) =>
        {
            if (version > 0)
            {
                writer.WriteLength(1);
                writer.WriteInt8((sbyte)ConfigResourceType.ClientMetrics);
            }

            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            Assert.Equal(0, reader.ReadInt16());
            var names = new string[reader.ReadCount()];
            for (int index = 0; index < names.Length; index++)
            {
                names[index] = reader.ReadString();
                Assert.Equal((sbyte)ConfigResourceType.ClientMetrics, version > 0 ? reader.ReadInt8() : (sbyte)16);
                reader.SkipTags();
            }

            return names;
        });
}
