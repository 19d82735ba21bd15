namespace Freshet.Storage.Log;

/// <summary>A transaction whose records readers of committed data must leave out.</summary>
/// <param name="ProducerId">Its producer.</param>
/// <param name="FirstOffset">Offset of its first record in the partition.</param>
/// <param name="LastOffset">Offset of the marker that aborted it.</param>
/// <param name="LastStableOffset">The partition's last stable offset once it was aborted; no later entry begins before it.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);
