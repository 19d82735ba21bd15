namespace Freshet.Storage.Log.Compaction;

/// <summary>How much there is to compact.</summary>
/// <param name="DirtyRatio">Share of bytes not compacted yet.</param>
/// <param name="IsDue">Whether the log's settings ask for compaction now.</param>
public readonly record struct CompactionNeed(double DirtyRatio, bool IsDue);
