using System.Globalization;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>One field of a message as <c>shapes.txt</c> describes it.</summary>
/// <param name="Type">i8 and the like, str, uuid, bytes, records, error; struct for one with <paramref name="Fields"/>.</param>
internal sealed record Shape(string Name, string Type, bool IsArray, IReadOnlyList<Shape> Fields)
{
    public short First { get; private set; }

    public short Last { get; private set; } = short.MaxValue;

    public bool IsNullable { get; private set; }

    public uint? Tag { get; private set; }

    public string? Default { get; private set; }

    public bool IsIn(short version) => version >= First && version <= Last;

    /// <summary>Reads fields such as <c>name:str? topics[id:uuid(10-) partitions:[]i32] nodes@0[id:i32]</c>.</summary>
    public static IReadOnlyList<Shape> Parse(string text)
    {
        int at = 0;
        IReadOnlyList<Shape> fields = ParseFields(text, ref at);
        return at == text.Length ? fields : throw new FormatException($"'{text[at..]}' does not belong to a field.");
    }

    private static List<Shape> ParseFields(string text, ref int at)
    {
        var fields = new List<Shape>();
        while (true)
        {
            at += text.AsSpan(at).Length - text.AsSpan(at).TrimStart().Length;
            if (at == text.Length || text[at] is ']' or '}')
            {
                return fields;
            }

            fields.Add(ParseField(text, ref at));
        }
    }

    private static Shape ParseField(string text, ref int at)
    {
        string name = Word(text, ref at);
        uint? tag = Takes(text, ref at, '@') ? uint.Parse(Word(text, ref at), CultureInfo.InvariantCulture) : null;
        Shape field;
        if (Takes(text, ref at, ':'))
        {
            bool isArray = Takes(text, ref at, '[') && Takes(text, ref at, ']');
            field = new Shape(name, Word(text, ref at), isArray, []);
        }
        else
        {
            bool isArray = text[at++] == '[';
            field = new Shape(name, "struct", isArray, ParseFields(text, ref at));
            at++;
        }

        field.Tag = tag;
        field.IsNullable = Takes(text, ref at, '?');
        if (Takes(text, ref at, '('))
        {
            string[] range = text[at..(at = text.IndexOf(')', at))].Split('-');
            at++;
            field.First = range[0].Length == 0 ? (short)0 : short.Parse(range[0], CultureInfo.InvariantCulture);
            field.Last = range[^1].Length == 0 ? short.MaxValue : short.Parse(range[^1], CultureInfo.InvariantCulture);
        }

        field.Default = Takes(text, ref at, '=') ? Word(text, ref at) : null;
        return field;
    }

    private static bool Takes(string text, ref int at, char wanted)
    {
        bool takes = at < text.Length && text[at] == wanted;
        at += takes ? 1 : 0;
        return takes;
    }

    private static string Word(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '-'))
        {
            at++;
        }

        return text[start..at];
    }
}
