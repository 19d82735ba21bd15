using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Freshet.Streams.State;

/// <summary>How keys of one type are hashed. Chosen once per type, so that keys which are equal always have the same hash.</summary>
internal abstract class KeyHasher<TKey>
{
    public static KeyHasher<TKey> Default { get; } = Choose();

    public abstract ulong Hash(TKey key);

    private static KeyHasher<TKey> Choose()
    {
        if (TupleShape.MakeFor<TKey>(typeof(PairHasher<,>), typeof(TripleHasher<,,>), typeof(QuadrupleHasher<,,,>)) is object tuples)
        {
            return (KeyHasher<TKey>)tuples;
        }

        if (NumberHashers.Find(typeof(TKey)) is object numbers)
        {
            return (KeyHasher<TKey>)numbers;
        }

        return DenseType.SizeOf(typeof(TKey)) == Unsafe.SizeOf<TKey>() ? new MemoryHasher() : new EncodedHasher();
    }

    /// <summary>For structs in which every bit counts.</summary>
    private sealed class MemoryHasher : KeyHasher<TKey>
    {
        public override ulong Hash(TKey key) =>
            StableHash.OfBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TKey, byte>(ref key), Unsafe.SizeOf<TKey>()));
    }

    /// <summary>For every other type: through its codec, which allocates.</summary>
    private sealed class EncodedHasher : KeyHasher<TKey>
    {
        public override ulong Hash(TKey key)
        {
            var writer = new StateWriter();
            StateCodec<TKey>.Json.Write(writer, key);
            return StableHash.OfBytes(writer.Written.Span);
        }
    }
}

/// <summary>Types with equal values that differ in memory.</summary>
internal static class NumberHashers
{
    public static object? Find(Type type) =>
        type == typeof(DateTimeOffset) ? new NumberHasher<DateTimeOffset>(time => (ulong)time.UtcTicks)
        : type == typeof(DateTime) ? new NumberHasher<DateTime>(time => (ulong)time.Ticks)
        : type == typeof(double) ? new NumberHasher<double>(number => BitsOf(number))
        : type == typeof(float) ? new NumberHasher<float>(number => BitsOf(number))
        : type == typeof(decimal) ? new NumberHasher<decimal>(BitsOf)
        : null;

    /// <summary>0 and -0 are equal, and so are all that are not a number.</summary>
    private static ulong BitsOf(double number) => number == 0 ? 0 : BitConverter.DoubleToUInt64Bits(double.IsNaN(number) ? double.NaN : number);

    /// <summary>1.0 and 1.00 are equal: dividing by 1 with many zeros takes trailing zeros away.</summary>
    private static ulong BitsOf(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number / 1.0000000000000000000000000000m, bits);
        return StableHash.OfBytes(MemoryMarshal.AsBytes(bits));
    }

    private sealed class NumberHasher<T>(Func<T, ulong> bitsOf) : KeyHasher<T>
    {
        public override ulong Hash(T key) => StableHash.Mix(bitsOf(key));
    }
}

internal sealed class PairHasher<T1, T2> : KeyHasher<(T1, T2)>
{
    public override ulong Hash((T1, T2) key) => StableHash.Combine(StableHash.Of(key.Item1), StableHash.Of(key.Item2));
}

internal sealed class TripleHasher<T1, T2, T3> : KeyHasher<(T1, T2, T3)>
{
    public override ulong Hash((T1, T2, T3) key) =>
        StableHash.Combine(StableHash.Combine(StableHash.Of(key.Item1), StableHash.Of(key.Item2)), StableHash.Of(key.Item3));
}

internal sealed class QuadrupleHasher<T1, T2, T3, T4> : KeyHasher<(T1, T2, T3, T4)>
{
    public override ulong Hash((T1, T2, T3, T4) key) => StableHash.Combine(
        StableHash.Combine(StableHash.Of(key.Item1), StableHash.Of(key.Item2)), StableHash.Combine(StableHash.Of(key.Item3), StableHash.Of(key.Item4)));
}
