namespace Freshet.Protocol.Tests;

public class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_algorithm_is_met() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Any_split_gives_the_same_checksum()
    {
        byte[] data = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 7))];
        for (int split = 0; split <= data.Length; split++)
        {
            uint running = Crc32C.Append(uint.MaxValue, data.AsSpan(0, split));
            Assert.Equal(Crc32C.Compute(data), ~Crc32C.Append(running, data.AsSpan(split)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3071)]
    [InlineData(3072)]
    [InlineData(3073)]
    [InlineData(6144)]
    [InlineData(10_007)]
    public void Any_length_and_start_gives_what_bit_by_bit_arithmetic_gives(int length)
    {
        byte[] data = new byte[length + 8];
        new Random(length).NextBytes(data);
        for (int start = 0; start < 8; start++)
        {
            Assert.Equal(BitByBit(data.AsSpan(start, length)), Crc32C.Compute(data.AsSpan(start, length)));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> data)
    {
        const uint ReflectedPolynomial = 0x82F63B78;
        uint running = uint.MaxValue;
        foreach (byte value in data)
        {
            running ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                running = (running >> 1) ^ ((running & 1) == 0 ? 0 : ReflectedPolynomial);
            }
        }

        return ~running;
    }
}
