using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freshet.Coordination.Admin;

/// <summary>Where the server may be left to others in the middle of a long answer, whose next part then tells of a later moment.</summary>
internal readonly record struct Pause;

/// <summary>
/// The JSON of an answer, of which only the piece not yet sent is in memory. Lists ask <see cref="IsFull"/> before each entry, and what passes
/// the bound is left out.
/// </summary>
/// <param name="maxBytes">The bound.</param>
internal sealed class BoundedJson(long maxBytes) : IDisposable
{
    /// <summary>What an entry of a list takes at the least: quotes, a comma, a line and its indentation.</summary>
    private const int MinEntryBytes = 8;

    /// <summary>Bytes of one piece: well under a millisecond of work.</summary>
    private const int PieceBytes = 64 << 10;

    private readonly ArrayBufferWriter<byte> _piece = new(PieceBytes);
    private long _sent;

    public Utf8JsonWriter Writer => field ??= new Utf8JsonWriter(_piece, new JsonWriterOptions { Indented = true });

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Error { get; set; }

    /// <summary>Whether anything more would be left out: time to stop.</summary>
    public bool IsFull => _sent + PendingBytes >= maxBytes;

    /// <summary>Whether a piece is complete: time to send it.</summary>
    public bool HasPiece => PendingBytes >= PieceBytes;

    private long PendingBytes => _piece.WrittenCount + Writer.BytesPending;

    /// <summary>The entries of a list as they are now, and no more of them than there is room for.</summary>
    public T[] Copy<T>(IEnumerable<T> entries) => [.. entries.Take((int)Math.Min(maxBytes / MinEntryBytes, Array.MaxLength))];

    /// <summary>Writes the fields of a short answer.</summary>
    public void Write(JsonObject fields)
    {
        foreach ((string name, JsonNode? value) in fields)
        {
            Writer.WritePropertyName(name);
            if (value is null)
            {
                Writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(Writer);
            }
        }
    }

    /// <summary>Ends the answer with the fields that each has.</summary>
    public void End(string command)
    {
        Writer.WriteString("command", command);
        Writer.WriteString("error", IsFull ? $"Cut off after {maxBytes} bytes: there is more." : Error);
        Writer.WriteEndObject();
    }

    /// <summary>Takes out what was written since the last time; to be used before more is.</summary>
    public ReadOnlyMemory<byte> TakePiece()
    {
        Writer.Flush();
        ReadOnlyMemory<byte> piece = _piece.WrittenMemory;
        _sent += piece.Length;
        _piece.ResetWrittenCount();
        return piece;
    }

    public void Dispose() => Writer.Dispose();
}
