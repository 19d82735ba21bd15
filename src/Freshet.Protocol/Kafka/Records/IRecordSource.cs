namespace Freshet.Protocol.Kafka.Records;

/// <summary>Record batches that lie elsewhere, a file as a rule, and are copied only when and where they are needed.</summary>
public interface IRecordSource
{
    /// <summary>Size in bytes.</summary>
    int Length { get; }

    /// <summary>Copies some of them.</summary>
    /// <param name="from">Where to begin, from 0.</param>
    /// <param name="destination">Filled wholly; must not reach beyond <see cref="Length"/>.</param>
    void Read(int from, Span<byte> destination);
}
