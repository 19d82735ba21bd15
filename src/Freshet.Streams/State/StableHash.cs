using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Freshet.Streams.State;

/// <summary>
/// A hash of a key that is the same in every process and release, because it decides which task owns the key and which part of a
/// checkpoint holds its state. .NET's own hash codes change with every start. Documented in docs/formats/checkpoint.md.
/// </summary>
internal static class StableHash<TKey>
{
    /// <summary>XXH3 (64 bits, seed 0) over the key's canonical bytes.</summary>
    public static ulong Of(TKey key)
    {
        if (typeof(TKey) == typeof(string))
        {
            string text = (string)(object)key!;
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        if (typeof(TKey) == typeof(int))
        {
            return Mix((ulong)(int)(object)key!);
        }

        if (typeof(TKey) == typeof(long))
        {
            return Mix((ulong)(long)(object)key!);
        }

        return OfEncoded(key);
    }

    /// <summary>The finaliser of SplitMix64: every bit of the number moves every bit of the hash.</summary>
    private static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong OfEncoded(TKey key)
    {
        var writer = new StateWriter();
        StateCodec<TKey>.Default.Write(writer, key);
        return XxHash3.HashToUInt64(writer.Written.Span);
    }
}
