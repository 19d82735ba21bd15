using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Freshet.Streams.State;

namespace Freshet.Streams;

/// <summary>
/// How values of one type are kept in a checkpoint. <see cref="Default"/> knows strings, plain structs (numbers, times, structs of
/// them: copied as they lie in memory) and value tuples of two to four items, and takes JSON, fields included, for everything else;
/// large states deserve a codec of their own. A codec serves several tasks at once, so it must be thread-safe.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
public abstract class StateCodec<T>
{
    /// <summary>The codec used unless another one is given.</summary>
    public static StateCodec<T> Default { get; } = Choose();

    internal static StateCodec<T> Json { get; } = new JsonCodec();

    /// <summary>Writes a value.</summary>
    public abstract void Write(StateWriter writer, T value);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public abstract T Read(ref StateReader reader);

    private static StateCodec<T> Choose()
    {
        if (typeof(T) == typeof(string))
        {
            return (StateCodec<T>)(object)new StringCodec();
        }

        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            return new PlainStructCodec();
        }

        return TupleShape.MakeFor<T>(typeof(PairCodec<,>), typeof(TripleCodec<,,>), typeof(QuadrupleCodec<,,,>)) is object tuples
            ? (StateCodec<T>)tuples
            : new JsonCodec();
    }

    private sealed class PlainStructCodec : StateCodec<T>
    {
        public override void Write(StateWriter writer, T value) =>
            writer.WriteRaw(AsBytes(ref value));

        public override T Read(ref StateReader reader)
        {
            T value = default!;
            Span<byte> bytes = AsBytes(ref value);
            reader.ReadRaw(bytes.Length).CopyTo(bytes);
            return value;
        }

        // The constraint "unmanaged" cannot be stated here; Choose has checked it.
        private static Span<byte> AsBytes(ref T value) =>
            MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());
    }

    private sealed class JsonCodec : StateCodec<T>
    {
        private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

        public override void Write(StateWriter writer, T value) => writer.WriteBytes(JsonSerializer.SerializeToUtf8Bytes(value, Options));

        public override T Read(ref StateReader reader) => JsonSerializer.Deserialize<T>(reader.ReadBytes(), Options)!;
    }
}

/// <summary>A byte that tells null from the rest, then the text.</summary>
internal sealed class StringCodec : StateCodec<string?>
{
    public override void Write(StateWriter writer, string? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            writer.WriteString(value);
        }
    }

    public override string? Read(ref StateReader reader) => reader.ReadByte() == 0 ? null : reader.ReadString();
}
