using System.Buffers;
using System.Text.Json;

namespace Storefront.Ads;

/// <summary>
/// An <see cref="AdEvent"/> as the value of a Kafka record: one small JSON object, readable in any console consumer.
/// </summary>
internal static class AdEventFormat
{
    public static byte[] Write(in AdEvent adEvent)
    {
        var bytes = new ArrayBufferWriter<byte>(192);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, adEvent.Kind == AdEventKind.Click ? "click"u8 : "impression"u8);
            json.WriteString("ad"u8, adEvent.Ad);
            json.WriteString("campaign"u8, adEvent.Campaign);
            json.WriteNumber("position"u8, adEvent.Position);
            json.WriteString("visitor"u8, adEvent.Visitor);
            json.WriteNumber("at"u8, adEvent.At.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no ad event.</exception>
    public static AdEvent Read(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        try
        {
            return ReadObject(ref json);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"Not an ad event: {wrong.Message}", wrong);
        }
    }

    private static AdEvent ReadObject(ref Utf8JsonReader json)
    {
        AdEventKind? kind = null;
        string? ad = null, campaign = null, visitor = null;
        int position = 0;
        DateTimeOffset? at = null;
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case "kind": kind = ReadKind(ref json); break;
                case "ad": ad = Next(ref json).GetString(); break;
                case "campaign": campaign = Next(ref json).GetString(); break;
                case "position": position = Next(ref json).GetInt32(); break;
                case "visitor": visitor = Next(ref json).GetString(); break;
                case "at": at = DateTimeOffset.FromUnixTimeMilliseconds(Next(ref json).GetInt64()); break;
                default: json.Skip(); break;
            }
        }

        Expect(kind is not null && ad is not null && campaign is not null && visitor is not null && at is not null);
        return new AdEvent(kind!.Value, ad!, campaign!, position, visitor!, at!.Value);
    }

    private static AdEventKind ReadKind(ref Utf8JsonReader json)
    {
        json.Read();
        bool isClick = json.ValueTextEquals("click"u8);
        Expect(isClick || json.ValueTextEquals("impression"u8));
        return isClick ? AdEventKind.Click : AdEventKind.Impression;
    }

    private static ref Utf8JsonReader Next(ref Utf8JsonReader json)
    {
        json.Read();
        return ref json;
    }

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new FormatException("Not an ad event: kind, ad, campaign, visitor and at are needed.");
        }
    }
}
