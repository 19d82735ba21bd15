using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freshet.Cli.Shell;

/// <summary>What a verb has to say: lines for people, and the same as an object for programs.</summary>
/// <param name="Text">Lines without the last line end; empty when there is nothing to say.</param>
/// <param name="Data">What <c>--json</c> prints on one line; null prints nothing.</param>
internal readonly record struct Answer(string Text, object? Data = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Answer Nothing { get; } = new("");

    public string Show(bool asJson) => !asJson ? Text : Data is null ? "" : JsonSerializer.Serialize(Data, Json);
}
