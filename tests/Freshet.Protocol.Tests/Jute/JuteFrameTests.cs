using System.Buffers;
using Freshet.Protocol.Jute;

namespace Freshet.Protocol.Tests.Jute;

public class JuteFrameTests
{
    [Fact]
    public void Frames_are_cut_wherever_the_bytes_are_split()
    {
        byte[] bytes = [0, 0, 0, 2, 7, 8, 0, 0, 0, 0];
        for (int split = 0; split <= bytes.Length; split++)
        {
            ReadOnlySequence<byte> arrived = Split(bytes, split);
            Assert.True(JuteFrame.TryTake(ref arrived, 2, out ReadOnlySequence<byte> first));
            Assert.True(JuteFrame.TryTake(ref arrived, 2, out ReadOnlySequence<byte> second));
            Assert.Equal([7, 8], first.ToArray());
            Assert.True(second.IsEmpty);
            Assert.False(JuteFrame.TryTake(ref arrived, 2, out _));
        }
    }

    [Fact]
    public void A_frame_that_is_not_all_there_is_left_alone()
    {
        byte[] bytes = [0, 0, 0, 2, 7, 8];
        for (int length = 0; length < bytes.Length; length++)
        {
            var arrived = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(JuteFrame.TryTake(ref arrived, 2, out _));
            Assert.Equal(length, arrived.Length);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 3)]
    [InlineData(255, 255, 255, 255)]
    [InlineData(127, 255, 255, 255)]
    public void A_length_that_is_not_accepted_is_refused_before_the_frame_arrives(byte a, byte b, byte c, byte d) => Assert.Throws<JuteException>(() =>
    {
        var arrived = new ReadOnlySequence<byte>([a, b, c, d]);
        return JuteFrame.TryTake(ref arrived, 2, out _);
    });

    private static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Piece(bytes.AsMemory(0, at), null);
        var second = new Piece(bytes.AsMemory(at), first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.Memory.Length;
            }
        }
    }
}
