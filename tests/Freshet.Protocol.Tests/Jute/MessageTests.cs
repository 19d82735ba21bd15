using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Protocol.Tests.Jute;

/// <summary>Whole messages against bytes seen on the wire, and cut at every byte.</summary>
public class MessageTests
{
    private static readonly byte[] Password = [.. Enumerable.Range(0, ConnectRequest.PasswordLength).Select(value => (byte)value)];

    private delegate object ReadRecord(ref JuteReader reader);

    [Fact]
    public void A_connect_response_has_the_bytes_other_clients_read() => AssertFrame(
        "00000025 00000000 00002710 0100000000000001 00000010 000102030405060708090a0b0c0d0e0f 00",
        writer => new ConnectResponse(10_000, 0x0100000000000001, Password, ReadOnly: false).Write(writer));

    [Fact]
    public void A_create_has_the_bytes_other_clients_send() => AssertFrame(
        "00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00000000",
        writer =>
        {
            new RequestHeader(1, OpCode.Create).Write(writer);
            writer.WriteString("/a");
            writer.WriteBuffer("x"u8);
            Acl.WriteList(writer, Acl.Open);
            writer.WriteInt32((int)CreateMode.Persistent);
        });

    [Fact]
    public void An_error_reply_ends_after_its_header() => AssertFrame(
        "00000010 00000002 0000000000000003 ffffff92", writer => new ReplyHeader(2, 3, ErrorCode.NodeExists).Write(writer));

    [Fact]
    public void A_ping_has_its_own_xid() => AssertFrame(
        "00000008 fffffffe 0000000b", writer => new RequestHeader(ReservedXid.Ping, OpCode.Ping).Write(writer));

    [Fact]
    public void Credentials_have_their_own_xid() => AssertFrame(
        "0000001d fffffffc 00000064 00000000 00000006 646967657374 00000003 753a70",
        writer =>
        {
            new RequestHeader(ReservedXid.Auth, OpCode.Auth).Write(writer);
            writer.WriteInt32(0);
            writer.WriteString("digest");
            writer.WriteBuffer("u:p"u8);
        });

    [Fact]
    public void A_failed_multi_names_each_operation() => AssertFrame(
        "00000040 00000005 0000000000000006 00000000 ffffffff 00 00000000 00000000 ffffffff 00 ffffff9b ffffff9b ffffffff 00 fffffffe fffffffe ffffffff 01 ffffffff",
        writer =>
        {
            new ReplyHeader(5, 6, ErrorCode.Ok).Write(writer);
            foreach (ErrorCode error in (ErrorCode[])[ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.RuntimeInconsistency])
            {
                new MultiHeader(OpCode.Error, Done: false, (int)error).Write(writer);
                writer.WriteInt32((int)error);
            }

            MultiHeader.End.Write(writer);
        });

    [Fact]
    public void Messages_read_back_as_they_were_written_and_are_refused_when_cut()
    {
        AssertReadsBack(new ConnectRequest(5, 6, 7, Password, ReadOnly: null), record => record.Write, (ref reader) => ConnectRequest.Read(ref reader));
        AssertReadsBack(new ConnectResponse(6, 7, Password, ReadOnly: null), record => record.Write, (ref reader) => ConnectResponse.Read(ref reader));
        AssertReadsBack(new RequestHeader(1, OpCode.Multi), record => record.Write, (ref reader) => RequestHeader.Read(ref reader));
        AssertReadsBack(new ReplyHeader(1, 2, ErrorCode.NoAuth), record => record.Write, (ref reader) => ReplyHeader.Read(ref reader));
        AssertReadsBack(new MultiHeader(OpCode.Check, true, -1), record => record.Write, (ref reader) => MultiHeader.Read(ref reader));
        AssertReadsBack(
            new WatchEvent(WatchEventType.NodeDeleted, KeeperState.SyncConnected, "/ä"), record => record.Write, (ref reader) => WatchEvent.Read(ref reader));
        AssertReadsBack(new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), record => record.Write, (ref reader) => Stat.Read(ref reader));
        AssertReadsBack(
            (Acl[])[new(AclPermissions.Read, "ip", "127.0.0.1"), new(AclPermissions.All, "world", "anyone")],
            list => writer => Acl.WriteList(writer, list),
            (ref reader) => Acl.ReadList(ref reader)!);
    }

    private static void AssertFrame(string expected, Action<JuteWriter> write)
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        write(writer);
        writer.EndFrame(frame);
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(), Convert.ToHexString(writer.WrittenSpan));
    }

    private static void AssertReadsBack<T>(T record, Func<T, Action<JuteWriter>> write, ReadRecord read)
    {
        using var writer = new JuteWriter();
        write(record)(writer);
        var whole = new JuteReader(writer.WrittenSpan);
        Assert.Equivalent(record, read(ref whole), strict: true);
        Assert.Equal(0, whole.Remaining);
        for (int length = 0; length < writer.Length; length++)
        {
            byte[] cut = writer.WrittenSpan[..length].ToArray();
            Assert.Throws<JuteException>(() =>
            {
                var reader = new JuteReader(cut);
                return read(ref reader);
            });
        }
    }
}
