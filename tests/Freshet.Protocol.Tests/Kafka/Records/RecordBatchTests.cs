using System.Text;
using CsCheck;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Protocol.Tests.Kafka.Records;

public class RecordBatchTests
{
    private const string OneRecord =
        "00000000000000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800"
        + "ffffffffffffffffffffffffffff000000011000000002" + "6b0276" + "00";

    private const string CommitMarker =
        "000000000000002a000000420000000702" + "24535bc3" + "0030000000000000018bcfe568000000018bcfe568000000000000002328"
        + "0003ffffffff0000000120000000080000" + "00010c" + "00000000000500";

    [Fact]
    public void A_built_batch_has_the_bytes_that_Kafka_clients_send() =>
        Assert.Equal(OneRecord, Convert.ToHexStringLower(new RecordBatchBuilder(1_700_000_000_000).Add("k"u8, "v"u8).Build()));

    [Fact]
    public void A_commit_marker_is_recognised()
    {
        byte[] bytes = Convert.FromHexString(CommitMarker);
        Assert.Equal(RecordBatchFault.None, RecordBatch.Check(bytes));
        var batch = new RecordBatch(bytes);
        Assert.True(batch.Attributes.IsControl);
        Assert.True(batch.Attributes.IsTransactional);
        Assert.Equal((42, 7, 9000, (short)3), (batch.BaseOffset, batch.LeaderEpoch, batch.ProducerId, batch.ProducerEpoch));
        Assert.True(ControlRecord.TryRead(batch, out ControlRecord marker));
        Assert.Equal(new ControlRecord(IsCommit: true, CoordinatorEpoch: 5), marker);
    }

    [Fact]
    public void Records_that_were_built_are_read_back() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 300], Gen.Long[0, long.MaxValue / 4]).Array[1, 20]
        .Sample(records =>
        {
            var builder = new RecordBatchBuilder(0);
            foreach ((byte[] key, byte[] value, long time) in records)
            {
                builder.Add(key, value, time);
            }

            byte[] bytes = builder.Build(baseOffset: 1000);
            Assert.Equal(RecordBatchFault.None, RecordBatch.Check(bytes));
            var batch = new RecordBatch(bytes);
            int number = 0;
            foreach (Protocol.Kafka.Records.Record record in batch.Records)
            {
                Assert.Equal(records[number].Item1, record.Key.ToArray());
                Assert.Equal(records[number].Item2, record.Value.ToArray());
                Assert.Equal(records[number].Item3, record.Timestamp);
                Assert.Equal(1000 + number++, record.Offset);
            }

            Assert.Equal(records.Length, number);
            Assert.Equal(records.Max(record => record.Item3), batch.MaxTimestamp);
        });

    [Fact]
    public void A_null_key_and_a_null_value_are_told_from_empty_ones()
    {
        byte[] bytes = new RecordBatchBuilder(0).AddValue([]).AddTombstone([]).Build();
        List<(bool Key, bool Value)> nulls = [];
        foreach (Protocol.Kafka.Records.Record record in new RecordBatch(bytes).Records)
        {
            nulls.Add((record.IsKeyNull, record.IsValueNull));
        }

        Assert.Equal([(true, false), (false, true)], nulls);
    }

    [Fact]
    public void A_changed_byte_behind_the_checksum_is_noticed()
    {
        byte[] bytes = new RecordBatchBuilder(5).Add("key"u8, "some value"u8).Build();
        for (int at = 16; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x20;
            Assert.NotEqual(RecordBatchFault.None, RecordBatch.Check(bytes));
            bytes[at] ^= 0x20;
        }
    }

    [Fact]
    public void Any_bytes_are_judged_without_an_exception() => Gen.Byte.Array[0, 200].Sample(bytes => RecordBatch.Check(bytes) != RecordBatchFault.None);

    [Fact]
    public void Records_with_wrong_lengths_are_refused_and_never_read_past_the_end() => Gen.Byte.Array[0, 60].Sample(garbage =>
    {
        byte[] bytes = [.. new RecordBatchBuilder(0).AddValue("x"u8).Build().AsSpan(0, RecordBatch.HeaderSize), .. garbage];
        bytes[11] = (byte)(bytes.Length - RecordBatch.LengthOverhead);
        try
        {
            foreach (Protocol.Kafka.Records.Record record in new RecordBatch(bytes).Records)
            {
                Assert.True(record.Key.Length + record.Value.Length <= garbage.Length);
            }
        }
        catch (InvalidDataException)
        {
            // Said clearly.
        }
    });

    [Fact]
    public void Stamping_an_offset_leaves_the_checksum_right_and_append_time_makes_it_right()
    {
        byte[] bytes = new RecordBatchBuilder(5).Add("k"u8, "v"u8).Build();
        RecordBatchStamp.Offset(bytes, 77, 3);
        Assert.Equal(RecordBatchFault.None, RecordBatch.Check(bytes));
        RecordBatchStamp.LogAppendTime(bytes, 99);
        Assert.Equal(RecordBatchFault.None, RecordBatch.Check(bytes));
        var batch = new RecordBatch(bytes);
        Assert.Equal((77, 3, 99, true), (batch.BaseOffset, batch.LeaderEpoch, batch.MaxTimestamp, batch.Attributes.IsLogAppendTime));
    }

    [Fact]
    public void Batches_are_taken_one_by_one_and_a_cut_off_one_is_left()
    {
        byte[] one = new RecordBatchBuilder(0).AddValue("a"u8).Build();
        byte[] two = new RecordBatchBuilder(0).AddValue(Encoding.UTF8.GetBytes(new string('b', 100))).Build(baseOffset: 1);
        ReadOnlySpan<byte> rest = (byte[])[.. one, .. two.AsSpan(0, two.Length - 1)];
        Assert.True(RecordBatch.TryTake(ref rest, out RecordBatch batch));
        Assert.Equal(one.Length, batch.Size);
        Assert.False(RecordBatch.TryTake(ref rest, out _));
        Assert.Equal(two.Length - 1, rest.Length);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(63, "7e")]
    [InlineData(-64, "7f")]
    [InlineData(64, "8001")]
    [InlineData(300, "d804")]
    public void Zig_zag_numbers_are_written_as_Kafka_does(long value, string hex)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        int size = Varint.Write(bytes, value);
        Assert.Equal(hex, Convert.ToHexStringLower(bytes[..size]));
        Assert.Equal(size, Varint.SizeOf(value));
    }

    [Fact]
    public void Zig_zag_numbers_come_back() => Gen.Long.Sample(value =>
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        // Bytes behind the number must not matter, nor that there are none.
        int size = Varint.Write(bytes, value);
        (int alone, int followed) = (0, 0);
        return Varint.Read(bytes[..size], ref alone) == value && Varint.Read(bytes, ref followed) == value && alone == size && followed == size;
    });

    [Fact]
    public void A_number_that_is_cut_off_or_too_long_is_refused()
    {
        foreach (string hex in (string[])["", "80", "8080", "ffffffffffffffffffff", "ffffffffffffffffffff01"])
        {
            int at = 0;
            Assert.Throws<InvalidDataException>(() => Varint.Read(Convert.FromHexString(hex), ref at));
        }
    }
}
