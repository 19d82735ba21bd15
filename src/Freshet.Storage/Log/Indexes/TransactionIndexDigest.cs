namespace Freshet.Storage.Log.Indexes;

/// <summary>What a segment's file of aborted transactions holds, to be kept elsewhere: Kafka's layout of the file has no room for a checksum.</summary>
/// <param name="Segment">Base offset of the segment.</param>
/// <param name="Length">Bytes, from the file's start.</param>
/// <param name="Checksum">Their CRC-32C.</param>
public readonly record struct TransactionIndexDigest(long Segment, int Length, uint Checksum);
