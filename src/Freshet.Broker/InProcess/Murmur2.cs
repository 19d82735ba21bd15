using System.Buffers.Binary;

namespace Freshet.Broker.InProcess;

/// <summary>The hash by which Kafka's Java client chooses a key's partition (Austin Appleby's MurmurHash2, 32 bits).</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Factor = 0x5bd1e995;

    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (Hash(key) & int.MaxValue) % partitions;

    public static int Hash(ReadOnlySpan<byte> key)
    {
        uint hash = Seed ^ (uint)key.Length;
        ReadOnlySpan<byte> rest = key;
        for (; rest.Length >= sizeof(uint); rest = rest[sizeof(uint)..])
        {
            uint part = BinaryPrimitives.ReadUInt32LittleEndian(rest) * Factor;
            part = (part ^ (part >> 24)) * Factor;
            hash = (hash * Factor) ^ part;
        }

        for (int index = rest.Length - 1; index >= 0; index--)
        {
            hash ^= (uint)rest[index] << (8 * index);
        }

        hash = rest.IsEmpty ? hash : hash * Factor;
        hash = (hash ^ (hash >> 13)) * Factor;
        return (int)(hash ^ (hash >> 15));
    }
}
