namespace Freshet.Protocol.Jute.Messages;

/// <summary>
/// Freshet's own end of a setWatches2 request: long marker; long zxid. Asks for all events of the connection's persistent watches
/// after the zxid. A server that does not know it ignores it, as bytes behind a record are. Layout: docs/formats/event-replay.md.
/// </summary>
/// <param name="After">The newest zxid of which the client has seen every event.</param>
public readonly record struct EventReplay(long After)
{
    private static ReadOnlySpan<byte> Marker => "freshet1"u8;

    /// <summary>Reads the record if it comes next; else reads nothing.</summary>
    public static EventReplay? TryRead(ref JuteReader reader) => reader.TrySkip(Marker) ? new EventReplay(reader.ReadInt64()) : null;

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteRaw(Marker);
        writer.WriteInt64(After);
    }
}
