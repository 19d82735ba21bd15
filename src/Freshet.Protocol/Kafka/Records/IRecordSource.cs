namespace Freshet.Protocol.Kafka.Records;

/// <summary>Record batches that lie elsewhere, a file as a rule, and are copied only when and where they are needed.</summary>
public interface IRecordSource
{
    /// <summary>Size in bytes.</summary>
    int Length { get; }

    /// <summary>Copies all of them.</summary>
    /// <param name="destination">Exactly <see cref="Length"/> bytes.</param>
    void Read(Span<byte> destination);
}
