using System.Buffers;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>
/// Keeps what a recovery takes out of a log, when it is more than a torn write: batches that are whole but lie behind damage. They go
/// to a file beside the segment, <c>&lt;segment&gt;.lost-&lt;position&gt;</c>.
/// </summary>
internal static class LostBatches
{
    private const string Infix = ".lost-";

    /// <summary>Copies the end of a segment, from a position on, if there are whole batches in it.</summary>
    /// <param name="nextOffset">The offset that was to follow: batches have this or a larger one.</param>
    /// <exception cref="IOException">There is no room for the copy.</exception>
    public static void Keep(SafeFileHandle segment, string path, int position, long nextOffset, bool force, ILogger logger)
    {
        if (HoldsBatch(segment, position, nextOffset))
        {
            string kept = NameFor(path, position);
            Copy(segment, position, kept, force);
            LogEvents.LostBatchesKept(logger, path, position, nextOffset, kept);
        }
    }

    /// <summary>A name that is not taken.</summary>
    public static string NameFor(string path, int position)
    {
        string name = FormattableString.Invariant($"{path}{Infix}{position}");
        string free = name;
        for (int number = 2; File.Exists(free); number++)
        {
            free = FormattableString.Invariant($"{name}-{number}");
        }

        return free;
    }

    /// <summary>Whether a whole batch begins anywhere in the file from a position on. The damage may be in a length, so every byte is tried.</summary>
    private static bool HoldsBatch(SafeFileHandle file, int position, long nextOffset)
    {
        long end = RandomAccess.GetLength(file);
        using var window = new SegmentWindow(file);
        for (long at = position; at <= end - RecordBatch.HeaderSize; at++)
        {
            var batch = new RecordBatch(window.At(at, RecordBatch.HeaderSize));
            if (batch.Magic == RecordBatch.CurrentMagic && batch.Size >= RecordBatch.HeaderSize && batch.Size <= end - at
                && batch.BaseOffset >= nextOffset && batch.LastOffsetDelta >= 0 && Matches(file, at, batch.Size))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(SafeFileHandle file, long position, int size)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return RandomAccess.Read(file, bytes.AsSpan(0, size), position) == size && RecordBatch.Check(bytes.AsSpan(0, size)) == RecordBatchFault.None;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static void Copy(SafeFileHandle from, int position, string to, bool force)
    {
        using SafeFileHandle copy = File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write);
        using var window = new SegmentWindow(from);
        long end = RandomAccess.GetLength(from);
        for (long at = position; at < end;)
        {
            ReadOnlySpan<byte> part = window.At(at, (int)Math.Min(window.Capacity, end - at));
            RandomAccess.Write(copy, part, at - position);
            at += part.Length;
        }

        if (force)
        {
            DataSync.Flush(copy);
        }
    }
}
