using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Journal;

/// <summary>Settings of a <see cref="SegmentedJournal"/>.</summary>
public sealed class JournalOptions
{
    /// <summary>Folder of the segment files; created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether every batch is forced to disk before it is reported durable. False survives a killed process but not a power cut.</summary>
    public bool Sync { get; init; } = true;

    /// <summary>Called by the writer after each fsync with the time it took, before the batch is reported durable. Must not block.</summary>
    public Action<TimeSpan>? Synced { get; init; }

    /// <summary>A new segment file begins when the current one has this many bytes. 64 MiB keeps purging prompt and recovery's memory small.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>Longest record accepted, in bytes. 16 MiB holds the largest request of any service many times over.</summary>
    public int MaxRecordBytes { get; init; } = 16 << 20;

    /// <summary>How bytes get into a file. Tests put faults here.</summary>
    public JournalWrite Write { get; init; } = RandomAccess.Write;
}

/// <summary>Writes all of the bytes at an offset, as <see cref="RandomAccess"/> does.</summary>
public delegate void JournalWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);
