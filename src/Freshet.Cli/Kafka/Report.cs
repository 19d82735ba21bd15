using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Freshet.Cli.Kafka;

/// <summary>What a command found: a table for people, or an array of JSON objects for programs.</summary>
/// <param name="columns">Names of the columns in words, such as "end offset".</param>
internal sealed class Report(params string[] columns)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<object?[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params object?[] cells) => _rows.Add(cells);

    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            string[] names = [.. columns.Select(JsonName)];
            output.WriteLine(JsonSerializer.Serialize(_rows.Select(row => names.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)), Json));
            return;
        }

        string[][] table = [[.. columns.Select(column => column.Replace(' ', '-').ToUpperInvariant())], .. _rows.Select(row => (string[])[.. row.Select(Text)])];
        int[] widths = [.. columns.Select((_, column) => table.Max(row => row[column].Length))];
        bool[] right = [.. columns.Select((_, column) => _rows.Count > 0 && _rows.All(row => row[column] is null or int or long))];
        foreach (string[] row in table)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string Text(object? cell) => cell switch
    {
        null or "" => "-",
        bool flag => flag ? "yes" : "no",
        IEnumerable<int> numbers => string.Join(',', numbers),
        IEnumerable<string> texts => string.Join(',', texts),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };

    private static string JsonName(string column)
    {
        string[] words = column.Split(' ');
        return words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
