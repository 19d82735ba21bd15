using System.Buffers.Binary;
using System.Globalization;
using Freshet.Protocol;
using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions;

/// <summary>
/// The idempotent producers of a partition on disk, as of an offset: all five batches of each, so that a duplicate is known
/// again after a restart. What was appended after a snapshot is read from the log.
/// </summary>
internal static class ProducerSnapshot
{
    private const string Suffix = ".producers";
    private const int HeaderSize = 8;

    /// <summary>The producers at the log's end. Those read from the log count as seen now.</summary>
    public static ProducerStates Load(string folder, PartitionLog log, long now)
    {
        var producers = new ProducerStates();
        long from = log.LogStartOffset;
        foreach (string file in Directory.EnumerateFiles(folder, "*" + Suffix).OrderDescending(StringComparer.Ordinal))
        {
            // A snapshot beyond the log's end speaks of batches that a crash took.
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
                && offset <= log.LogEndOffset && TryRead(File.ReadAllBytes(file), producers))
            {
                from = offset;
                break;
            }
        }

        foreach (BatchHeader batch in from < log.LogEndOffset ? log.HeadersFrom(from) : [])
        {
            producers.Add(batch, now);
        }

        return producers;
    }

    /// <summary>Writes a snapshot and removes the older ones.</summary>
    public static void Save(string folder, long offset, ProducerStates producers)
    {
        string path = Path.Combine(folder, offset.ToString("D20", CultureInfo.InvariantCulture) + Suffix);
        string[] older = [.. Directory.EnumerateFiles(folder, "*" + Suffix).Where(file => file != path)];
        File.WriteAllBytes(path + ".tmp", Encode(producers));
        File.Move(path + ".tmp", path, overwrite: true);
        foreach (string file in older)
        {
            File.Delete(file);
        }
    }

    private static byte[] Encode(ProducerStates producers)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[HeaderSize]);
        foreach ((long producerId, ProducerState state) in producers.All)
        {
            writer.Write(producerId);
            writer.Write(state.Epoch);
            writer.Write(state.LastSeen);
            writer.Write((byte)state.Kept.Length);
            foreach (SequencedBatch batch in state.Kept)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
            }
        }

        byte[] bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, producers.All.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(HeaderSize)));
        return bytes;
    }

    private static bool TryRead(byte[] bytes, ProducerStates producers)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != Crc32C.Compute(bytes.AsSpan(HeaderSize)))
        {
            return false;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, HeaderSize, bytes.Length - HeaderSize));
        for (int left = BinaryPrimitives.ReadInt32LittleEndian(bytes); left > 0; left--)
        {
            long producerId = reader.ReadInt64();
            short epoch = reader.ReadInt16();
            long lastSeen = reader.ReadInt64();
            ProducerState state = producers.StateOf(producerId, epoch);
            for (int batches = reader.ReadByte(); batches > 0; batches--)
            {
                state.Add(epoch, lastSeen, new SequencedBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64()));
            }
        }

        return true;
    }
}
