using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>
/// The names of one case, <c>$word</c> in its text: new ones for each time it is played, or what a server has answered. In answers they
/// are put in again, and what differs from time to time is left out.
/// </summary>
internal sealed partial class TranscriptNames
{
    private const long EarlyTime = 1_750_000_000_000;
    private const int FewSettings = 8;
    private const string OwnSetting = "1";

    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, string> _fields = [];
    private readonly string _suffix = $"{Guid.NewGuid():N}"[..10];

    /// <summary>Puts values in for the names of a text.</summary>
    public string Insert(string text) => Names().Replace(text, match =>
    {
        string name = match.Value;
        if (!_values.TryGetValue(name, out string? value))
        {
            _values[name] = value = $"{name[1..]}-{_suffix}";
        }

        return value;
    });

    public void Know(string name, string value) => _values[name] = value;

    /// <summary>Gives a name to what an answer holds at a path such as <c>topics.0.offset</c>.</summary>
    public void Keep(string name, string path, JsonObject answer)
    {
        JsonNode? node = answer;
        foreach (string step in path.Split('.'))
        {
            node = node is JsonArray items ? items[int.Parse(step, CultureInfo.InvariantCulture)] : node?[step];
        }

        _values['$' + name] = node!.ToString();
        _fields['$' + name] = path[(path.LastIndexOf('.') + 1)..];
    }

    /// <summary>An answer as a transcript has it.</summary>
    public JsonNode? Mask(JsonNode? node, string field = "")
    {
        switch (node)
        {
            case JsonObject fields:
                var masked = new JsonObject();
                foreach ((string name, JsonNode? value) in fields.Where(each => each.Key != "throttleMs" && (KeepsMessages || each.Key != "message")))
                {
                    masked[name] = Mask(value, name);
                }

                return masked;
            case JsonArray items:
                // The order of an answer's parts means nothing, and of a long list of settings only those of the topic itself count.
                return new JsonArray(
                [
                    .. items.Where(item => items.Count < FewSettings || field != "configs" || item!["source"]!.ToString() == OwnSetting)
                        .Select(item => Mask(item, field)).OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal),
                ]);
            case null:
                return field == "aborted" ? new JsonArray() : null; // To readers no list is an empty one.
            default:
                return JsonValue.Create(MaskValue(node.ToString(), field));
        }
    }

    private string MaskValue(string value, string field)
    {
        foreach ((string name, string known) in _values)
        {
            if (_fields.TryGetValue(name, out string? kept) && kept != field)
            {
                continue;
            }

            if (kept is null ? value.Contains(known, StringComparison.Ordinal) : value == known)
            {
                value = value.Replace(known, name, StringComparison.Ordinal);
            }
        }

        return field switch
        {
            "host" or "port" or "clusterId" or "directory" or "totalBytes" or "usableBytes" => "*",
            "producerId" when value is not "-1" && value[0] != '$' => "*",
            _ when long.TryParse(value, CultureInfo.InvariantCulture, out long time) && time > EarlyTime && time < EarlyTime * 2 => "now",
            _ => Uuids().Replace(value, "*"),
        };
    }

    /// <summary>Whether the wording of errors is kept: it is each server's own, and clients only show it.</summary>
    public static bool KeepsMessages { get; set; }

    [GeneratedRegex(@"\$\w+(\.id)?")]
    private static partial Regex Names();

    [GeneratedRegex("(?!00000000-0000-0000-0000-0)[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Uuids();
}
