using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>JSON that is easy to write and to read: no commas, and no quotes around what is one word.</summary>
internal static partial class LooseJson
{
    /// <summary>Reads the fields of an object, without braces around them.</summary>
    public static JsonObject ParseFields(string text)
    {
        var words = new Queue<string>(Words().Matches(text).Select(match => match.Value));
        JsonObject values = Fields(words);
        return words.Count == 0 ? values : throw new FormatException($"'{words.Peek()}' ends nothing in: {text}");
    }

    public static string Print(JsonNode? node)
    {
        var text = new StringBuilder();
        Print(node, text);
        return text.ToString();
    }

    private static JsonObject Fields(Queue<string> words)
    {
        var values = new JsonObject();
        while (words.TryPeek(out string? next) && next != "}")
        {
            string name = Value(words)!.ToString();
            values[name] = words.Dequeue() == ":" ? Value(words) : throw new FormatException($"A colon is missing after {name}.");
        }

        return values;
    }

    private static JsonNode? Value(Queue<string> words)
    {
        string word = words.Dequeue();
        switch (word)
        {
            case "{":
                JsonObject fields = Fields(words);
                words.Dequeue();
                return fields;
            case "[":
                var items = new JsonArray();
                while (words.Peek() != "]")
                {
                    items.Add(Value(words));
                }

                words.Dequeue();
                return items;
            case "null":
                return null;
            default:
                return word[0] == '"' ? JsonNode.Parse(word) : JsonValue.Create(word);
        }
    }

    private static void Print(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject fields:
                text.Append('{');
                text.AppendJoin(' ', fields.Select(field => $"{field.Key}:{Print(field.Value)}"));
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                text.AppendJoin(' ', items.Select(Print));
                text.Append(']');
                break;
            default:
                string value = node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.ToString().ToLower(CultureInfo.InvariantCulture) : node.ToString();
                text.Append(OneWord().IsMatch(value) ? value : JsonSerializer.Serialize(value, JsonSerializerOptions.Web));
                break;
        }
    }

    [GeneratedRegex("""[{}\[\]:]|"(\\.|[^"\\])*"|[^\s{}\[\]:,"]+""")]
    private static partial Regex Words();

    [GeneratedRegex("""^[^\s{}\[\]:,"\p{C}]+$""")]
    private static partial Regex OneWord();
}
