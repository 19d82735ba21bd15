using CsCheck;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Protocol.Tests.Jute;

public class JuteTests
{
    [Fact]
    public void A_connect_request_has_the_bytes_other_clients_send()
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        new ConnectRequest(0, 10_000, 0, new byte[ConnectRequest.PasswordLength], ReadOnly: false).Write(writer);
        writer.EndFrame(frame);
        Assert.Equal(
            "0000002D00000000000000000000000000002710000000000000000000000010" + "0000000000000000000000000000000000",
            Convert.ToHexString(writer.WrittenSpan));
    }

    [Fact]
    public void A_notification_has_the_bytes_other_clients_read()
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        new ReplyHeader(ReservedXid.Notification, 4, ErrorCode.Ok).Write(writer);
        new WatchEvent(WatchEventType.NodeDataChanged, KeeperState.SyncConnected, "/a").Write(writer);
        writer.EndFrame(frame);
        Assert.Equal("0000001EFFFFFFFF0000000000000004000000000000000300000003000000022F61", Convert.ToHexString(writer.WrittenSpan));
    }

    [Fact]
    public void A_client_without_the_read_only_byte_is_understood()
    {
        using var writer = new JuteWriter();
        new ConnectRequest(7, 1, 2, null, ReadOnly: null).Write(writer);
        var reader = new JuteReader(writer.WrittenSpan);
        Assert.Null(ConnectRequest.Read(ref reader).ReadOnly);
    }

    [Fact]
    public void What_is_written_is_read() => Gen.Select(Gen.Int, Gen.Long, Gen.String.Null(), Gen.Byte.Array.Null(), Gen.Bool, Gen.String.Array).Sample(
        (number, large, text, bytes, flag, strings) =>
        {
            using var writer = new JuteWriter(1);
            writer.WriteInt32(number);
            writer.WriteInt64(large);
            writer.WriteString(Sound(text));
            writer.WriteBuffer(bytes);
            writer.WriteBool(flag);
            writer.WriteStrings([.. strings.Select(entry => Sound(entry)!)]);
            var reader = new JuteReader(writer.WrittenSpan);
            Assert.Equal(number, reader.ReadInt32());
            Assert.Equal(large, reader.ReadInt64());
            Assert.Equal(Sound(text), reader.ReadString());
            Assert.Equal(bytes, reader.ReadBytes());
            Assert.Equal(flag, reader.ReadBool());
            Assert.Equal(strings.Select(Sound), reader.ReadStrings());
            Assert.Equal(0, reader.Remaining);
        });

    [Fact]
    public void A_record_cut_anywhere_is_refused()
    {
        using var writer = new JuteWriter();
        new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).Write(writer);
        Assert.Equal(Stat.Size, writer.Length);
        for (int length = 0; length < Stat.Size; length++)
        {
            byte[] cut = writer.WrittenSpan[..length].ToArray();
            Assert.Throws<JuteException>(() =>
            {
                var reader = new JuteReader(cut);
                return Stat.Read(ref reader);
            });
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(5)]
    public void A_length_that_cannot_be_true_is_refused_before_memory_is_taken(int length)
    {
        byte[] frame = [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0, 0, 0, 0];
        Assert.Throws<JuteException>(() => new JuteReader(frame).ReadBytes());
        Assert.Throws<JuteException>(() => new JuteReader(frame).ReadString());
        Assert.Throws<JuteException>(() => new JuteReader(frame).ReadStrings());
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused() =>
        Assert.Throws<JuteException>(() => new JuteReader([0, 0, 0, 2, 0xC3, 0x28]).ReadString());

    /// <summary>The generator makes lone surrogates, which UTF-8 cannot hold.</summary>
    private static string? Sound(string? text) => text is null ? null : string.Concat(text.Where(letter => !char.IsSurrogate(letter)));
}
