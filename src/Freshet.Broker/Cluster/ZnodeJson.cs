using System.Buffers;
using System.Text.Json;

namespace Freshet.Broker.Cluster;

/// <summary>Znodes' data to JSON and back, and what their fields have in common.</summary>
internal static class ZnodeJson
{
    public static byte[] Write<T>(T data)
        where T : class, IZnodeData<T>
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        data.Write(json);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no JSON, or not what such a znode holds.</exception>
    public static T Read<T>(byte[] data)
        where T : class, IZnodeData<T>
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(data);
            return T.Read(json.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(malformed.Message, malformed);
        }
    }

    public static string? Text(this JsonElement json, string name) => json.Field(name)?.GetString();

    public static int Number(this JsonElement json, string name) => json.Field(name)?.GetInt32() ?? 0;

    public static T[]? Array<T>(this JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.Field(name) is not { } array)
        {
            return null;
        }

        var items = new List<T>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            items.Add(read(item));
        }

        return [.. items];
    }

    public static Dictionary<string, T>? Map<T>(this JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.Field(name) is not { } map)
        {
            return null;
        }

        var entries = new Dictionary<string, T>();
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            entries[entry.Name] = read(entry.Value);
        }

        return entries;
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, Dictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach ((string key, string text) in texts)
        {
            json.WriteString(key, text);
        }

        json.WriteEndObject();
    }

    private static JsonElement? Field(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
