using System.Text;

namespace Freshet.Broker.InProcess;

/// <summary>A record as it lies in a topic.</summary>
/// <param name="Key">The key; null for none.</param>
/// <param name="Value">The value; null for a tombstone.</param>
/// <param name="Headers">Its headers, in order.</param>
public sealed record TopicRecord(
    string Topic, int Partition, long Offset, DateTimeOffset Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
{
    /// <summary>The key as UTF-8; null for none.</summary>
    public string? KeyText => Key is null ? null : Encoding.UTF8.GetString(Key);

    /// <summary>The value as UTF-8; null for a tombstone.</summary>
    public string? ValueText => Value is null ? null : Encoding.UTF8.GetString(Value);
}
