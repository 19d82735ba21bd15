using System.Text;

namespace Freshet.Broker.InProcess;

/// <summary>A record to be put into a topic.</summary>
/// <param name="Key">The key; null for none.</param>
/// <param name="Value">The value; null for a tombstone, which needs a key.</param>
public sealed record NewRecord(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value)
{
    /// <summary>Partition to put it into; null chooses by the key as Kafka's Java client does, or in turn without a key.</summary>
    public int? Partition { get; init; }

    /// <summary>Its time; null means now.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Its headers, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]?>> Headers { get; init; } = [];

    /// <summary>A record of texts in UTF-8.</summary>
    public static NewRecord Of(string? key, string? value) => new(Utf8(key), Utf8(value));

    private static ReadOnlyMemory<byte>? Utf8(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);
}
