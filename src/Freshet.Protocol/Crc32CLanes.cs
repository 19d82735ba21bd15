using System.Numerics;
using System.Runtime.InteropServices;

namespace Freshet.Protocol;

/// <summary>
/// The checksum of a block as those of its three thirds. The processor begins a step every cycle but needs three for its result, and
/// within one run each step waits for the one before; three runs side by side keep it busy.
/// </summary>
internal static class Crc32CLanes
{
    public const int BlockBytes = 3 * LaneBytes;
    private const int LaneBytes = 1024;
    private const int LaneWords = LaneBytes / sizeof(ulong);

    /// <summary>For each byte of a checksum and each of its values: what becomes of it when a lane of zeros follows.</summary>
    private static readonly uint[] FollowedByLane = BuildTable();

    /// <summary>Continues a running checksum by a block of <see cref="BlockBytes"/>.</summary>
    public static uint Append(uint running, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(block);
        ReadOnlySpan<ulong> first = words[..LaneWords];
        ReadOnlySpan<ulong> second = words.Slice(LaneWords, LaneWords);
        ReadOnlySpan<ulong> third = words.Slice(2 * LaneWords, LaneWords);
        uint ofSecond = 0;
        uint ofThird = 0;
        for (int i = 0; i < LaneWords; i++)
        {
            running = BitOperations.Crc32C(running, first[i]);
            ofSecond = BitOperations.Crc32C(ofSecond, second[i]);
            ofThird = BitOperations.Crc32C(ofThird, third[i]);
        }

        // Checksums are linear: that of bytes one after the other is the first's, moved on by zeros, exclusive-or the second's.
        return MoveOn(MoveOn(running) ^ ofSecond) ^ ofThird;
    }

    private static uint MoveOn(uint checksum) =>
        FollowedByLane[(byte)checksum]
        ^ FollowedByLane[0x100 | (byte)(checksum >> 8)]
        ^ FollowedByLane[0x200 | (byte)(checksum >> 16)]
        ^ FollowedByLane[0x300 | (checksum >> 24)];

    private static uint[] BuildTable()
    {
        uint[] table = new uint[4 * 256];
        for (int bit = 0; bit < 32; bit++)
        {
            uint moved = 1u << bit;
            for (int i = 0; i < LaneWords; i++)
            {
                moved = BitOperations.Crc32C(moved, 0UL);
            }

            // Every value with this bit as its highest is this bit and a smaller value.
            int start = bit / 8 * 256;
            int highest = 1 << (bit % 8);
            for (int smaller = 0; smaller < highest; smaller++)
            {
                table[start + highest + smaller] = moved ^ table[start + smaller];
            }
        }

        return table;
    }
}
