using System.Text;

namespace Freshet.Protocol.Sasl;

/// <summary>The <c>name=value</c> pairs of a DIGEST-MD5 message (RFC 2831, 7.1).</summary>
public static class DigestDirectives
{
    /// <summary>Reads a message; null when it is none, or says something twice.</summary>
    public static Dictionary<string, string>? Parse(ReadOnlySpan<byte> message)
    {
        string text = Encoding.UTF8.GetString(message);
        Dictionary<string, string> directives = new(StringComparer.OrdinalIgnoreCase);
        int at = 0;
        while (at < text.Length)
        {
            int equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                return text[at..].Trim(' ', ',', '\t', '\r', '\n').Length == 0 ? directives : null;
            }

            string name = text[at..equals].Trim(' ', ',', '\t', '\r', '\n');
            at = equals + 1;
            if (TakeValue(text, ref at) is not string value || name.Length == 0 || !directives.TryAdd(name, value))
            {
                return null;
            }
        }

        return directives;
    }

    private static string? TakeValue(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            int comma = text.IndexOf(',', at);
            int end = comma < 0 ? text.Length : comma;
            string token = text[at..end].Trim();
            at = end;
            return token;
        }

        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return at++ < text.Length ? value.ToString() : null;
    }
}
