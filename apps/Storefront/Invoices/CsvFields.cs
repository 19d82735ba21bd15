namespace Storefront.Invoices;

/// <summary>Splits one line of comma-separated values. A field may be quoted, with its own quotes doubled, but may not span lines.</summary>
internal static class CsvFields
{
    /// <summary>
    /// Finds where each field of the line stands, without its outer quotes. Returns the number of fields, which may be more
    /// than <paramref name="fields"/> holds, or -1 when a quote is not closed or has text around it.
    /// </summary>
    public static int Split(ReadOnlySpan<char> line, Span<Range> fields)
    {
        int count = 0;
        int start = 0;
        while (true)
        {
            bool isQuoted = start < line.Length && line[start] == '"';
            int end = isQuoted ? EndOfQuoted(line, start) : EndOfPlain(line, start);
            if (end < 0)
            {
                return -1;
            }

            if (count < fields.Length)
            {
                fields[count] = isQuoted ? (start + 1)..(end - 1) : start..end;
            }

            count++;
            if (end == line.Length)
            {
                return count;
            }

            start = end + 1;
        }
    }

    /// <summary>The field's own text: doubled quotes are one. Only a quoted field can hold any.</summary>
    public static string Unescape(ReadOnlySpan<char> field) => field.ToString().Replace("\"\"", "\"", StringComparison.Ordinal);

    private static int EndOfPlain(ReadOnlySpan<char> line, int start)
    {
        int length = line[start..].IndexOf(',');
        int end = length < 0 ? line.Length : start + length;
        return line[start..end].Contains('"') ? -1 : end;
    }

    /// <summary>Index just past the closing quote; -1 when there is none or something other than a comma follows it.</summary>
    private static int EndOfQuoted(ReadOnlySpan<char> line, int start)
    {
        int at = start + 1;
        while (true)
        {
            int length = line[at..].IndexOf('"');
            if (length < 0)
            {
                return -1;
            }

            at += length + 1;
            if (at == line.Length || line[at] == ',')
            {
                return at;
            }

            if (line[at] != '"')
            {
                return -1;
            }

            at++;
        }
    }
}
