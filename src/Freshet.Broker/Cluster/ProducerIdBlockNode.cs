using System.Globalization;
using System.Text.Json;

namespace Freshet.Broker.Cluster;

/// <summary>The producer ids last handed to a broker; numbers as text, as Kafka writes them.</summary>
internal sealed record ProducerIdBlockNode(int Broker, long Start, long End) : IZnodeData<ProducerIdBlockNode>
{
    public static ProducerIdBlockNode Read(JsonElement json) => new(json.Number("broker"), Number(json.Text("block_start")), Number(json.Text("block_end")));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version", 1);
        json.WriteNumber("broker", Broker);
        json.WriteString("block_start", Start.ToString(CultureInfo.InvariantCulture));
        json.WriteString("block_end", End.ToString(CultureInfo.InvariantCulture));
    }

    private static long Number(string? text) => text is null ? throw new FormatException("A bound of the block is missing.") : long.Parse(text, CultureInfo.InvariantCulture);
}
