using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>A record as a line: its value, or everything as a JSON object.</summary>
internal static class RecordText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, ConsumeResult<byte[]?, byte[]?> record, bool asJson, bool withKey)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    record.Topic,
                    Partition = record.Partition.Value,
                    Offset = record.Offset.Value,
                    Timestamp = record.Message.Timestamp.UnixTimestampMs,
                    Key = Text(record.Message.Key),
                    Value = Text(record.Message.Value),
                    Headers = (record.Message.Headers ?? []).Select(header => new { Name = header.Key, Value = Text(header.GetValueBytes()) }),
                },
                Json));
        }
        else
        {
            output.WriteLine(withKey ? $"{Text(record.Message.Key)}\t{Text(record.Message.Value)}" : Text(record.Message.Value));
        }
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
