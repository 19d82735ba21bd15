using System.Globalization;
using System.Text;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Admin;

/// <summary>The text of an answer, with lines that end in <c>\n</c>. What passes the bound is left out, and the last line says so.</summary>
/// <param name="maxBytes">The bound, counted in characters: nearly all are one byte.</param>
internal sealed class BoundedText(int maxBytes) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Whether anything more would be left out: time to stop.</summary>
    public bool IsFull => _text.Length >= maxBytes;

    public override string NewLine => "\n";

    public override void Write(char value)
    {
        if (!IsFull)
        {
            _text.Append(value);
        }
    }

    public override void Write(string? value)
    {
        if (!IsFull)
        {
            _text.Append(value);
        }
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        Write(NewLine);
    }

    /// <summary>Copies piece by piece: the answers of some words are large.</summary>
    public void CopyTo(JuteWriter output)
    {
        if (IsFull)
        {
            _text.Append(CultureInfo.InvariantCulture, $"... cut off after {maxBytes} characters\n");
        }

        foreach (ReadOnlyMemory<char> piece in _text.GetChunks())
        {
            output.WriteRaw(Encoding.UTF8.GetBytes(piece.ToArray()));
        }
    }
}
