using System.Buffers;
using System.Text;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Makes a record of a line.</summary>
/// <param name="separator">What stands between key and value; null when lines are values.</param>
/// <param name="none">A key or value that is this text is null; null for no such text.</param>
/// <param name="headers">Headers of every record.</param>
internal sealed class LineRecords(string? separator, string? none, IReadOnlyList<KeyValuePair<string, string>> headers)
{
    private readonly byte[]? _separator = Utf8(separator);
    private readonly byte[]? _none = Utf8(none);
    private readonly Headers? _headers = HeadersOf(headers);

    /// <exception cref="CommandFailure">The line has no separator.</exception>
    public Message<byte[]?, byte[]?> Of(ReadOnlySequence<byte> line)
    {
        byte[] bytes = line.ToArray();
        if (_separator is null)
        {
            return new() { Value = OrNull(bytes), Headers = _headers };
        }

        int at = bytes.AsSpan().IndexOf(_separator);
        return at < 0
            ? throw new CommandFailure($"a line has no '{separator}' between key and value: {Encoding.UTF8.GetString(bytes)}")
            : new() { Key = OrNull(bytes[..at]), Value = OrNull(bytes[(at + _separator.Length)..]), Headers = _headers };
    }

    private byte[]? OrNull(byte[] bytes) => _none is not null && bytes.AsSpan().SequenceEqual(_none) ? null : bytes;

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static Headers? HeadersOf(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0)
        {
            return null;
        }

        var made = new Headers();
        foreach ((string name, string value) in headers)
        {
            made.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return made;
    }
}
