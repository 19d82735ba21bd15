using System.Buffers;
using CsCheck;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Protocol.Tests.Kafka;

/// <summary>Kafka's primitive types and headers, byte by byte.</summary>
public class WireTests
{
    [Fact]
    public void The_old_ApiVersions_request_is_the_known_bytes()
    {
        byte[] bytes = Convert.FromHexString("00120000000000010001" + "63");
        Assert.Equal(bytes, Request(new RequestHeader(ApiKey.ApiVersions, 0, 1, "c"), new ApiVersionsRequest(null, null)));
        Assert.Equal(new RequestHeader(ApiKey.ApiVersions, 0, 1, "c"), RequestHeader.Read(bytes, out KafkaReader body));
        body.ExpectEnd();
    }

    [Fact]
    public void The_flexible_ApiVersions_request_is_the_known_bytes()
    {
        byte[] bytes = Convert.FromHexString("0012000300000001000163" + "00" + "0278" + "04312e30" + "00");
        Assert.Equal(bytes, Request(new RequestHeader(ApiKey.ApiVersions, 3, 1, "c"), new ApiVersionsRequest("x", "1.0")));
        RequestHeader.Read(bytes, out KafkaReader body);
        Assert.Equal(new ApiVersionsRequest("x", "1.0"), ApiVersionsRequest.Read(ref body));
        body.ExpectEnd();
    }

    [Fact]
    public void The_answer_to_an_unknown_ApiVersions_version_is_the_known_bytes()
    {
        var answer = new ApiVersionsResponse(ErrorCode.UnsupportedVersion, [new ApiVersionRange(ApiKey.ApiVersions, 0, 4)]);
        Assert.Equal(Convert.FromHexString("0023000000010012" + "00000004"), Body(answer, version: 0, flexible: false));
    }

    [Fact]
    public void Strings_and_numbers_survive_in_both_encodings() => Gen.Select(Gen.String, Gen.Long, Gen.Int, Gen.Bool, Gen.Byte.Array).Sample((text, wide, number, flexible, bytes) =>
    {
        // A lone surrogate has no UTF-8 form; Kafka's strings are UTF-8.
        text = new string([.. text.Where(letter => !char.IsSurrogate(letter))]);
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, 0, flexible);
        writer.WriteString(text);
        writer.WriteString(null);
        writer.WriteInt64(wide);
        writer.WriteInt32Array([number, -1]);
        writer.WriteBytes(bytes);
        writer.WriteNoTags();
        writer.Flush();
        Assert.Equal(output.WrittenCount, writer.Written);

        var reader = new KafkaReader(output.WrittenSpan.ToArray(), 0, flexible);
        Assert.Equal(text, reader.ReadString());
        Assert.Null(reader.ReadNullableString());
        Assert.Equal(wide, reader.ReadInt64());
        Assert.Equal([number, -1], reader.ReadInt32Array());
        Assert.Equal(bytes, reader.ReadBytes());
        reader.SkipTags();
        reader.ExpectEnd();
    });

    [Fact]
    public void Records_are_a_slice_of_the_frame_and_null_is_not_empty()
    {
        byte[] frame = [0, 0, 0, 2, 7, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
        var reader = new KafkaReader(frame, 0, flexible: false);
        Memory<byte>? records = reader.ReadRecords();
        Assert.NotNull(records);
        records.Value.Span[0] = 9;
        Assert.Equal(9, frame[4]);
        Assert.Null(reader.ReadRecords());
        Assert.Equal(0, reader.ReadRecords()!.Value.Length);
    }

    [Fact]
    public void Unknown_tagged_fields_are_skipped()
    {
        var reader = new KafkaReader(new byte[] { 2, 0, 1, 42, 9, 2, 1, 2, 77 }, 0, flexible: true);
        reader.SkipTags();
        Assert.Equal(77, reader.ReadInt8());
    }

    [Theory]
    [InlineData("7fffffff", false)]
    [InlineData("80000000", false)]
    [InlineData("ffffffff0f", true)]
    [InlineData("ffffffffff", true)]
    public void A_count_that_the_frame_cannot_hold_is_refused_before_anything_is_allocated(string hex, bool flexible) =>
        Assert.Throws<KafkaFormatException>(() =>
        {
            var reader = new KafkaReader(Convert.FromHexString(hex), 0, flexible);
            reader.ReadArray<JoinGroupProtocol>();
        });

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_that_is_cut_anywhere_is_refused(string name, short version, bool flexible, byte[] body)
    {
        for (int length = 0; length < body.Length; length++)
        {
            int cut = length;
            Assert.Throws<KafkaFormatException>(() => Read(name, body[..cut], version, flexible));
        }

        Read(name, body, version, flexible);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_with_one_exception() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool, Gen.Int[0, 9]).Sample((bytes, flexible, version) =>
    {
        foreach (string name in (string[])["join", "metadata", "create", "commit", "offsets"])
        {
            try
            {
                Read(name, bytes, (short)version, flexible);
            }
            catch (KafkaFormatException)
            {
            }
        }
    });

    public static TheoryData<string, short, bool, byte[]> Requests => new()
    {
        { "join", 5, false, Convert.FromHexString("000167" + "00001770" + "00001770" + "0000" + "ffff" + "000163" + "00000001" + "000172" + "00000002" + "0102") },
        { "join", 9, true, Convert.FromHexString("0267" + "00001770" + "00001770" + "01" + "00" + "0263" + "02" + "0272" + "030102" + "00" + "00" + "00") },
        { "metadata", 4, false, Convert.FromHexString("00000001" + "000174" + "01") },
        { "metadata", 12, true, Convert.FromHexString("02" + "00000000000000000000000000000000" + "0274" + "00" + "01" + "00" + "00") },
    };

    private static void Read(string name, byte[] body, short version, bool flexible)
    {
        var reader = new KafkaReader(body, version, flexible);
        object _ = name switch
        {
            "join" => JoinGroupRequest.Read(ref reader),
            "metadata" => MetadataRequest.Read(ref reader),
            "create" => CreateTopicsRequest.Read(ref reader),
            "commit" => OffsetCommitRequest.Read(ref reader),
            _ => OffsetFetchRequest.Read(ref reader),
        };
        reader.ExpectEnd();
    }

    private static byte[] Request(RequestHeader header, ApiVersionsRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, header.Version, FlexibleVersions.Contains(header.Key, header.Version));
        header.Write(ref writer);
        request.Write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Body(ApiVersionsResponse response, short version, bool flexible)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, version, flexible);
        response.Write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
