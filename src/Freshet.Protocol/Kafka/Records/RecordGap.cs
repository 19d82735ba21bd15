namespace Freshet.Protocol.Kafka.Records;

/// <summary>Records that were left out of a message when it was written, because they are to be sent piece by piece.</summary>
/// <param name="At">Where in the message without any records they belong.</param>
/// <param name="Records">What to put there.</param>
public readonly record struct RecordGap(int At, IRecordSource Records);
