using System.Text;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Protobuf as far as OpenTelemetry's metrics need it here: fields with a length, one after the other.</summary>
internal static class Protobuf
{
    /// <summary>A field with a length.</summary>
    public static byte[] Field(int number, params byte[] content)
    {
        var field = new List<byte> { (byte)((number << 3) | 2) };
        int length = content.Length;
        for (; length > 0x7F; length >>= 7)
        {
            field.Add((byte)(length | 0x80));
        }

        return [.. field, (byte)length, .. content];
    }

    /// <summary>The contents of all fields of this number, those of a message's field that comes several times being merged.</summary>
    public static List<byte[]> Fields(byte[] message, int number)
    {
        var fields = new List<byte[]>();
        for (int at = 0; at < message.Length;)
        {
            Assert.Equal(2, message[at] & 7);
            int found = message[at++] >> 3;
            int length = 0;
            for (int shift = 0; ; shift += 7)
            {
                length |= (message[at] & 0x7F) << shift;
                if (message[at++] < 0x80)
                {
                    break;
                }
            }

            Assert.InRange(length, 0, message.Length - at);
            if (found == number)
            {
                fields.Add(message[at..(at + length)]);
            }

            at += length;
        }

        return fields;
    }

    /// <summary>The attributes of the resource of ResourceMetrics.</summary>
    public static Dictionary<string, string> AttributesOf(byte[] resourceMetrics)
    {
        byte[] resource = [.. Fields(resourceMetrics, 1).SelectMany(part => part)];
        return Fields(resource, 1).ToDictionary(
            attribute => Encoding.UTF8.GetString(Assert.Single(Fields(attribute, 1))),
            attribute => Encoding.UTF8.GetString(Assert.Single(Fields(Assert.Single(Fields(attribute, 2)), 1))));
    }
}
