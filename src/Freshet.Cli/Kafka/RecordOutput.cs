using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Writes records as lines: the bytes of the value as they are, or everything as a JSON object.</summary>
/// <param name="none">What stands for no key or no value in a line that is not JSON.</param>
internal sealed class RecordOutput(Stream output, bool asJson, bool withKey, string none) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly BufferedStream _output = new(output, BufferSize);
    private readonly byte[] _none = Encoding.UTF8.GetBytes(none);

    public void Write(ConsumeResult<byte[]?, byte[]?> record)
    {
        if (asJson)
        {
            WriteJson(record);
        }
        else
        {
            if (withKey)
            {
                _output.Write(record.Message.Key ?? _none);
                _output.WriteByte((byte)'\t');
            }

            _output.Write(record.Message.Value ?? _none);
        }

        _output.WriteByte((byte)'\n');
    }

    /// <summary>Shows what was written so far.</summary>
    public void Flush() => _output.Flush();

    public void Dispose() => output.Dispose();

    private void WriteJson(ConsumeResult<byte[]?, byte[]?> record)
    {
        using var json = new Utf8JsonWriter(_output, Json);
        json.WriteStartObject();
        json.WriteString("topic", record.Topic);
        json.WriteNumber("partition", record.Partition.Value);
        json.WriteNumber("offset", record.Offset.Value);
        json.WriteNumber("timestamp", record.Message.Timestamp.UnixTimestampMs);
        WriteBytes(json, "key", record.Message.Key);
        WriteBytes(json, "value", record.Message.Value);
        json.WriteStartArray("headers");
        foreach (IHeader header in record.Message.Headers ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", header.Key);
            WriteBytes(json, "value", header.GetValueBytes());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Text as it is; what is none comes whole too, in base 64.</summary>
    private static void WriteBytes(Utf8JsonWriter json, string name, byte[]? bytes)
    {
        if (bytes is null)
        {
            json.WriteNull(name);
        }
        else if (Utf8.IsValid(bytes))
        {
            json.WriteString(name, bytes);
        }
        else
        {
            json.WriteStartObject(name);
            json.WriteBase64String("base64", bytes);
            json.WriteEndObject();
        }
    }
}
