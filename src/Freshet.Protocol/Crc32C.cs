using System.Numerics;
using System.Runtime.InteropServices;

namespace Freshet.Protocol;

/// <summary>CRC-32C (Castagnoli), the checksum of Kafka record batches and of Freshet's own journals.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>. "123456789" gives 0xE3069283.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => ~Append(uint.MaxValue, data);

    /// <summary>Continues a running checksum; start with <see cref="uint.MaxValue"/> and invert the final value.</summary>
    public static uint Append(uint running, ReadOnlySpan<byte> data)
    {
        while (data.Length >= Crc32CLanes.BlockBytes)
        {
            running = Crc32CLanes.Append(running, data[..Crc32CLanes.BlockBytes]);
            data = data[Crc32CLanes.BlockBytes..];
        }

        // The processor's own instruction takes eight bytes at a time; the rest goes byte by byte.
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            running = BitOperations.Crc32C(running, word);
        }

        foreach (byte value in data[(words.Length * sizeof(ulong))..])
        {
            running = BitOperations.Crc32C(running, value);
        }

        return running;
    }
}
