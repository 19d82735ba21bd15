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
}
