using System.Globalization;
using System.Text;

namespace Freshet.Node.Configuration;

/// <summary>Reads Java's properties syntax, which a zoo.cfg is written in: comments, continued lines, escapes.</summary>
internal static class JavaProperties
{
    /// <summary>The entries in the order of the file, with the line each begins on.</summary>
    public static List<ConfigurationEntry> Read(string file, TextReader reader)
    {
        var entries = new List<ConfigurationEntry>();
        for (int line = 1; reader.ReadLine() is string text; line++)
        {
            int first = line;
            text = text.TrimStart();
            if (text.Length == 0 || text[0] is '#' or '!')
            {
                continue;
            }

            while (IsContinued(text))
            {
                text = text[..^1] + reader.ReadLine()?.TrimStart();
                line++;
            }

            (string key, string value) = Split(text);
            entries.Add(new ConfigurationEntry(file, first, key, value.Trim()));
        }

        return entries;
    }

    /// <summary>An odd number of backslashes at the end joins the next line.</summary>
    private static bool IsContinued(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static (string Key, string Value) Split(string line)
    {
        int end = 0;
        while (end < line.Length && !(line[end] is '=' or ':' || char.IsWhiteSpace(line[end])))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        ReadOnlySpan<char> rest = line.AsSpan(end).TrimStart();
        if (rest.Length > 0 && rest[0] is '=' or ':')
        {
            rest = rest[1..].TrimStart();
        }

        return (Unescape(line.AsSpan(0, end)), Unescape(rest));
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
            }
            else if (text[++i] == 'u' && TryReadHex(text[(i + 1)..], out char character))
            {
                plain.Append(character);
                i += 4;
            }
            else
            {
                plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', char other => other });
            }
        }

        return plain.ToString();
    }

    private static bool TryReadHex(ReadOnlySpan<char> text, out char character)
    {
        bool isHex = ushort.TryParse(text[..Math.Min(4, text.Length)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code);
        character = (char)code;
        return isHex && text.Length >= 4;
    }
}
