using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Freshet.Streams;

/// <summary>
/// How values of one type are kept in a checkpoint. <see cref="Default"/> knows strings, plain structs (numbers, times, tuples of
/// them: copied as they lie in memory) and takes JSON for everything else; large states deserve a codec of their own.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
public abstract class StateCodec<T>
{
    /// <summary>The codec used unless another one is given.</summary>
    public static StateCodec<T> Default { get; } = Choose();

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

        return RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? new JsonCodec() : new PlainStructCodec();
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
        public override void Write(StateWriter writer, T value) => writer.WriteBytes(JsonSerializer.SerializeToUtf8Bytes(value));

        public override T Read(ref StateReader reader) => JsonSerializer.Deserialize<T>(reader.ReadBytes())!;
    }
}

internal sealed class StringCodec : StateCodec<string>
{
    public override void Write(StateWriter writer, string value) => writer.WriteString(value);

    public override string Read(ref StateReader reader) => reader.ReadString();
}
