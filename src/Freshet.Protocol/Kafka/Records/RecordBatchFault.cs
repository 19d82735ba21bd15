namespace Freshet.Protocol.Kafka.Records;

/// <summary>What is wrong with the bytes of a record batch.</summary>
public enum RecordBatchFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The length field does not match the bytes, or they are fewer than a header.</summary>
    WrongSize,

    /// <summary>Message format 0 or 1, which current Kafka refuses.</summary>
    OldFormat,

    /// <summary>A format newer than 2.</summary>
    UnknownFormat,

    /// <summary>The checksum does not match.</summary>
    WrongCrc,

    /// <summary>The record count or the last offset delta is negative.</summary>
    WrongCount,
}
