using System.Security.Cryptography;
using System.Buffers.Binary;

namespace Freshet.Storage.Log.Compaction;

/// <summary>
/// The last offset of each key in the part of a log that is not compacted yet. Keys are held as 128 bits of a cryptographic hash:
/// nobody can make two keys meet, and memory does not depend on their size.
/// </summary>
internal sealed class KeyOffsets(int maxKeys)
{
    private readonly Dictionary<UInt128, long> _offsets = [];

    /// <summary>Whether there is no room for a batch with so many keys.</summary>
    public bool IsFullFor(int keys) => _offsets.Count > 0 && _offsets.Count + (long)keys > maxKeys;

    public void Add(ReadOnlySpan<byte> key, long offset) => _offsets[Hash(key)] = offset;

    /// <summary>Whether a newer record of the key is known.</summary>
    public bool HasNewer(ReadOnlySpan<byte> key, long offset) => _offsets.TryGetValue(Hash(key), out long last) && last > offset;

    private static UInt128 Hash(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
