namespace Freshet.Coordination.Migration;

/// <summary>The checksum in Apache ZooKeeper's files (RFC 1950).</summary>
internal struct Adler32()
{
    private const uint Modulus = 65521;

    /// <summary>Bytes after which the sums must be reduced so that 32 bits suffice.</summary>
    private const int MaxUnreduced = 5552;

    private uint _low = 1;
    private uint _high;

    public readonly uint Value => (_high << 16) | _low;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, MaxUnreduced)];
            foreach (byte value in part)
            {
                _low += value;
                _high += _low;
            }

            (_low, _high) = (_low % Modulus, _high % Modulus);
            bytes = bytes[part.Length..];
        }
    }

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var sum = new Adler32();
        sum.Append(bytes);
        return sum.Value;
    }
}
