using System.Buffers.Binary;

namespace Freshet.Coordination.Tests.Fuzzing;

/// <summary>Ways to break a frame.</summary>
internal static class Mutation
{
    /// <summary>Lengths and numbers at the edges of what a reader may take for good.</summary>
    private static readonly int[] Edges = [int.MinValue, -2, -1, 0, 1, 0xFFFF, 0xFFFFFF, 1 << 30, int.MaxValue - 7, int.MaxValue];

    /// <summary>The frame with up to four things wrong.</summary>
    public static byte[] Apply(Random random, byte[] frame)
    {
        for (int left = random.Next(5); left > 0; left--)
        {
            frame = Once(random, frame);
        }

        return frame;
    }

    private static byte[] Once(Random random, byte[] frame)
    {
        byte[] copy = [.. frame];
        int at = random.Next(frame.Length + 1);
        switch (random.Next(6))
        {
            case 0: // cut short
                return copy[..at];
            case 1: // one bit
                if (at < copy.Length)
                {
                    copy[at] ^= (byte)(1 << random.Next(8));
                }

                return copy;
            case 2: // a length, most likely
                if (copy.Length >= sizeof(int))
                {
                    BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(random.Next(copy.Length - sizeof(int) + 1)), Edges[random.Next(Edges.Length)]);
                }

                return copy;
            case 3: // said twice
                return [.. copy[..at], .. copy[random.Next(at + 1)..]];
            case 4: // bytes of no meaning
                byte[] noise = new byte[random.Next(1, 64)];
                random.NextBytes(noise);
                return [.. copy[..at], .. noise, .. copy[at..]];
            default: // left out
                return [.. copy[..at], .. copy[random.Next(at, copy.Length + 1)..]];
        }
    }
}
