using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Streams.Kafka;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>The topic of invoice lines: one record each, a JSON object, in the partition of its invoice.</summary>
public sealed class InvoiceTopic
{
    private const int UsualPartitions = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private InvoiceTopic(string bootstrapServers, string name, int partitions) =>
        (BootstrapServers, Name, Partitions) = (bootstrapServers, name, partitions);

    /// <summary>The broker.</summary>
    public string BootstrapServers { get; }

    /// <summary>Name of the topic.</summary>
    public string Name { get; }

    /// <summary>Number of its partitions.</summary>
    public int Partitions { get; }

    /// <summary>Finds the topic, and creates it if it is not there.</summary>
    /// <exception cref="KafkaException">The broker does not answer or refuses.</exception>
    public static async Task<InvoiceTopic> OpenAsync(string bootstrapServers, string name = "invoice-lines")
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = UsualPartitions, ReplicationFactor = 1 }]).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception) when (exception.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
        }

        // A topic that was there may have another number of partitions.
        Metadata metadata = await Task.Run(() => admin.GetMetadata(name, Patience)).ConfigureAwait(false);
        return new InvoiceTopic(bootstrapServers, name, metadata.Topics.Single(topic => topic.Topic == name).Partitions.Count);
    }

    /// <summary>The partition of an invoice's lines: the same in every process, so that a restarted replay goes on in the same places.</summary>
    internal TopicPartition PartitionOf(string invoiceNo)
    {
        // FNV-1a.
        uint hash = 2_166_136_261;
        foreach (char letter in invoiceNo)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return new TopicPartition(Name, (int)(hash % (uint)Partitions));
    }

    internal static byte[] Encode(InvoiceLine line) => JsonSerializer.SerializeToUtf8Bytes(line, InvoiceJson.Default.InvoiceLine);

    internal static InvoiceLine Decode(in KafkaRecord record) =>
        JsonSerializer.Deserialize(record.Value, InvoiceJson.Default.InvoiceLine) ?? throw new JsonException("The record is empty.");
}

/// <summary>The JSON form of an invoice line, made by the compiler.</summary>
[JsonSerializable(typeof(InvoiceLine))]
internal sealed partial class InvoiceJson : JsonSerializerContext;
