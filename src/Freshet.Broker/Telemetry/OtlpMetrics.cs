using System.Buffers;
using System.Text;

namespace Freshet.Broker.Telemetry;

/// <summary>
/// Adds attributes to the resources of OpenTelemetry's MetricsData, without reading the metrics themselves. In protobuf a message's field that comes
/// twice is merged, and two MetricsData one after the other are one with the metrics of both.
/// </summary>
internal static class OtlpMetrics
{
    // The tags of fields with a length: number, three bits to the left, and wire type 2.
    private const byte ResourceMetricsOfData = (1 << 3) | 2;
    private const byte ResourceOfResourceMetrics = (1 << 3) | 2;
    private const byte AttributeOfResource = (1 << 3) | 2;
    private const byte KeyOfAttribute = (1 << 3) | 2;
    private const byte ValueOfAttribute = (2 << 3) | 2;
    private const byte StringOfValue = (1 << 3) | 2;

    /// <summary>A resource with these attributes, as a field to be added to the metrics of one.</summary>
    public static byte[] Resource(IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var resource = new ArrayBufferWriter<byte>();
        foreach ((string key, string value) in attributes)
        {
            byte[] text = Field(StringOfValue, Encoding.UTF8.GetBytes(value));
            WriteField(resource, AttributeOfResource, [.. Field(KeyOfAttribute, Encoding.UTF8.GetBytes(key)), .. Field(ValueOfAttribute, text)]);
        }

        return Field(ResourceOfResourceMetrics, resource.WrittenSpan);
    }

    /// <summary>Writes the metrics with the resource added to each of theirs; false when they are no MetricsData, and some may be written then.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> metrics, ReadOnlySpan<byte> resource, IBufferWriter<byte> output)
    {
        while (metrics.Length > 0)
        {
            if (metrics[0] != ResourceMetricsOfData || !TryReadLength(metrics[1..], out int length, out int size) || length > metrics.Length - 1 - size)
            {
                return false;
            }

            output.Write([ResourceMetricsOfData]);
            WriteLength(output, length + resource.Length);
            output.Write(metrics.Slice(1 + size, length));
            output.Write(resource);
            metrics = metrics[(1 + size + length)..];
        }

        return true;
    }

    private static byte[] Field(byte tag, ReadOnlySpan<byte> content)
    {
        var field = new ArrayBufferWriter<byte>();
        WriteField(field, tag, content);
        return field.WrittenSpan.ToArray();
    }

    private static void WriteField(ArrayBufferWriter<byte> output, byte tag, ReadOnlySpan<byte> content)
    {
        output.Write([tag]);
        WriteLength(output, content.Length);
        output.Write(content);
    }

    private static void WriteLength(IBufferWriter<byte> output, int length)
    {
        for (; length > 0x7F; length >>= 7)
        {
            output.Write([(byte)(length | 0x80)]);
        }

        output.Write([(byte)length]);
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int size)
    {
        (length, size) = (0, 0);
        while (size < bytes.Length && size < 4)
        {
            byte part = bytes[size];
            length |= (part & 0x7F) << (7 * size++);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
