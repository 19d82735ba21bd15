using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Freshet.Streams.State;

/// <summary>
/// A hash of a key that is the same in every process and release, because it decides which task owns the key and which part of a
/// checkpoint holds its state. .NET's own hash codes change with every start. Documented in docs/formats/checkpoint.md.
/// </summary>
internal static class StableHash
{
    /// <summary>The hash of a key; keys that are equal have the same.</summary>
    public static ulong Of<TKey>(TKey key)
    {
        // These comparisons are decided when the method is compiled for its type.
        if (typeof(TKey) == typeof(string))
        {
            return OfText((string?)(object?)key);
        }

        if (typeof(TKey) == typeof(int))
        {
            return Mix((ulong)(int)(object)key!);
        }

        if (typeof(TKey) == typeof(long))
        {
            return Mix((ulong)(long)(object)key!);
        }

        return KeyHasher<TKey>.Default.Hash(key);
    }

    /// <summary>XXH3 (64 bits, seed 0).</summary>
    public static ulong OfBytes(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>The finaliser of SplitMix64: every bit of the number moves every bit of the hash.</summary>
    public static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    /// <summary>The hash of two parts in their order.</summary>
    public static ulong Combine(ulong first, ulong second) => Mix(BitOperations.RotateLeft(first, 23) + second);

    private static ulong OfText(string? text) => text is null ? 0 : OfBytes(MemoryMarshal.AsBytes(text.AsSpan()));
}
