namespace Freshet.Storage.Log;

/// <summary>A leader epoch and where it ends.</summary>
/// <param name="Epoch">Number of the epoch.</param>
/// <param name="EndOffset">Where the next epoch begins, or the log ends.</param>
public readonly record struct LeaderEpochEnd(int Epoch, long EndOffset);
