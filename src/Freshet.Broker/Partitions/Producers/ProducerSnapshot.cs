using System.Buffers.Binary;
using System.Globalization;
using Freshet.Protocol;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Indexes;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>
/// The producers of a partition on disk, as of an offset: all five batches of each, so that a duplicate is known again after a
/// restart, and their open transactions, with the digests of the files of aborted ones. What was appended after a snapshot is read
/// from the log.
/// </summary>
internal static class ProducerSnapshot
{
    private const string Suffix = ".producers";
    private const int HeaderSize = 8;

    /// <summary>Marks the layout; earlier ones began with a count, which is never negative.</summary>
    private const int Layout = -3;

    /// <summary>Snapshots kept: one more than the newest, for when a crash takes the end of the log.</summary>
    private const int Kept = 2;

    /// <summary>
    /// The newest snapshot that is whole, with the index of aborted transactions that it speaks of, and of an offset within the log, and
    /// that offset; none is the log's start. One from before the start is no use: what producers sent between the two is gone, and by what is known of before it, what they send next would be wrong.
    /// </summary>
    public static (ProducerStates Producers, TransactionIndex Aborted, long Offset) Load(string folder, PartitionLog log, ILogger logger)
    {
        long droppedBefore = Math.Max(log.LogStartOffset, log.FirstDirtyOffset);
        foreach ((string file, long offset) in In(folder).ToArray())
        {
            if (offset > log.LogEndOffset || offset < log.LogStartOffset)
            {
                // The former speaks of batches that a crash took; the log will have others at these offsets.
                File.Delete(file);
            }
            else if (TryRead(File.ReadAllBytes(file), out IReadOnlyList<TransactionIndexDigest> digests) is not { } producers)
            {
                BrokerPartitionsLog.SnapshotDamaged(logger, file);
            }
            else if (TransactionIndex.TryOpen(folder, digests, droppedBefore) is not { } aborted)
            {
                BrokerPartitionsLog.TransactionIndexDamaged(logger, folder, file);
            }
            else
            {
                return (producers, aborted, offset);
            }
        }

        return (new ProducerStates(), TransactionIndex.Create(folder), log.LogStartOffset);
    }

    /// <summary>Writes a snapshot and removes older ones.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Save(string folder, long offset, ProducerStates producers, TransactionIndex aborted)
    {
        string path = Path.Combine(folder, offset.ToString("D20", CultureInfo.InvariantCulture) + Suffix);
        File.WriteAllBytes(path + ".tmp", Encode(producers, aborted.Digests));
        File.Move(path + ".tmp", path, overwrite: true);
        foreach ((string file, _) in In(folder).Skip(Kept).ToArray())
        {
            File.Delete(file);
        }
    }

    /// <summary>The snapshots of a folder, the newest first.</summary>
    private static IEnumerable<(string File, long Offset)> In(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*" + Suffix).OrderDescending(StringComparer.Ordinal)
        let offset = long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1
        where offset >= 0
        select (file, offset);

    private static byte[] Encode(ProducerStates producers, IReadOnlyList<TransactionIndexDigest> digests)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[HeaderSize]);
        writer.Write(producers.All.Count);
        foreach ((long producerId, ProducerState state) in producers.All)
        {
            writer.Write(producerId);
            writer.Write(state.Epoch);
            writer.Write(state.LastSeen);
            writer.Write(state.CoordinatorEpoch);
            writer.Write(state.OpenSince ?? -1);
            writer.Write((byte)state.Kept.Length);
            foreach (SequencedBatch batch in state.Kept)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
            }
        }

        writer.Write(digests.Count);
        foreach (TransactionIndexDigest digest in digests)
        {
            writer.Write(digest.Segment);
            writer.Write(digest.Length);
            writer.Write(digest.Checksum);
        }

        byte[] bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Layout);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(HeaderSize)));
        return bytes;
    }

    private static ProducerStates? TryRead(byte[] bytes, out IReadOnlyList<TransactionIndexDigest> digests)
    {
        digests = [];
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Layout
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != Crc32C.Compute(bytes.AsSpan(HeaderSize)))
        {
            return null;
        }

        var producers = new ProducerStates();
        using var reader = new BinaryReader(new MemoryStream(bytes, HeaderSize, bytes.Length - HeaderSize));
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            long producerId = reader.ReadInt64();
            var state = new ProducerState(reader.ReadInt16());
            long lastSeen = reader.ReadInt64();
            int coordinatorEpoch = reader.ReadInt32();
            long openSince = reader.ReadInt64();
            var batches = new SequencedBatch[reader.ReadByte()];
            for (int number = 0; number < batches.Length; number++)
            {
                batches[number] = new SequencedBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
            }

            state.Restore(lastSeen, openSince >= 0 ? openSince : null, coordinatorEpoch, batches);
            producers.Restore(producerId, state);
        }

        digests = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new TransactionIndexDigest(reader.ReadInt64(), reader.ReadInt32(), reader.ReadUInt32()))];
        return producers;
    }
}
