using System.Buffers;
using CsCheck;
using Freshet.Broker.Telemetry;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Attributes added to metrics that nobody has looked into.</summary>
public class OtlpMetricsTests
{
    private static readonly Gen<byte[]> SomeMetrics = Gen.Select(Gen.String.Array[0, 3], Gen.Byte.Array[0, 300]).Select(Make);

    [Fact]
    public void Every_resource_has_the_attributes_beside_its_own_and_keeps_its_metrics()
    {
        Gen.Select(SomeMetrics.List[0, 4], Gen.String[0, 200]).Sample((resources, value) =>
        {
            var output = new ArrayBufferWriter<byte>();
            byte[] added = OtlpMetrics.Resource([new("client_id", value), new("broker_id", "1")]);
            Assert.True(OtlpMetrics.TryWrite(resources.SelectMany(each => Protobuf.Field(1, each)).ToArray(), added, output));
            List<byte[]> written = Protobuf.Fields(output.WrittenSpan.ToArray(), 1);
            Assert.Equal(resources.Count, written.Count);
            foreach ((byte[] before, byte[] after) in resources.Zip(written))
            {
                Dictionary<string, string> expected = Protobuf.AttributesOf(before);
                (expected["client_id"], expected["broker_id"]) = (WellFormed(value), "1");
                Assert.Equal(expected, Protobuf.AttributesOf(after));
                Assert.Equal(Protobuf.Fields(before, 2), Protobuf.Fields(after, 2));
            }
        });
    }

    [Fact]
    public void Bytes_that_are_no_metrics_are_refused_or_left_as_they_are_inside()
    {
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            var output = new ArrayBufferWriter<byte>();
            if (OtlpMetrics.TryWrite(bytes, [], output))
            {
                Assert.Equal(Protobuf.Fields(bytes, 1), Protobuf.Fields(output.WrittenSpan.ToArray(), 1));
            }
        });
        Assert.False(OtlpMetrics.TryWrite([10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [], new ArrayBufferWriter<byte>()));
        Assert.False(OtlpMetrics.TryWrite([10, 5, 1], [], new ArrayBufferWriter<byte>()));
        Assert.False(OtlpMetrics.TryWrite([18, 0], [], new ArrayBufferWriter<byte>()));
    }

    private static byte[] Make((string[] Attributes, byte[] Metrics) parts)
    {
        byte[] resource = [.. parts.Attributes.SelectMany((value, index) => Protobuf.Field(1, [.. Protobuf.Field(1, (byte)('a' + index)), .. Protobuf.Field(2, Protobuf.Field(1, Bytes(value)))]))];
        return [.. Protobuf.Field(1, resource), .. Protobuf.Field(2, parts.Metrics)];
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(Bytes(text));
}
