using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Freshet.Coordination.Client.Configuration;

/// <summary>Flattens a JSON document to configuration keys, as JSON files are: <c>{"a":{"b":[true]}}</c> is <c>a:b:0</c> = <c>True</c>.</summary>
internal static class JsonKeys
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="document">UTF-8; nothing gives no keys.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It is no object, or two keys differ in case only.</exception>
    public static Dictionary<string, string?> Read(byte[]? document)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (document is not { Length: > 0 })
        {
            return keys;
        }

        using JsonDocument json = JsonDocument.Parse(document, Lenient);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"it is of kind {json.RootElement.ValueKind}.");
        }

        Add(keys, "", json.RootElement);
        return keys;
    }

    private static void Add(Dictionary<string, string?> keys, string key, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Add(keys, Below(key, property.Name), property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach ((int index, JsonElement item) in element.EnumerateArray().Index())
                {
                    Add(keys, Below(key, $"{index}"), item);
                }

                break;
            default:
                if (!keys.TryAdd(key, element.ValueKind == JsonValueKind.Null ? null : element.ToString()))
                {
                    throw new FormatException($"it has the key '{key}' twice.");
                }

                break;
        }
    }

    private static string Below(string key, string name) => key.Length == 0 ? name : key + ConfigurationPath.KeyDelimiter + name;
}
