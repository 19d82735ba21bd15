namespace Freshet.Streams.State;

/// <summary>
/// What one task of one component saves: named parts, each either the task's own or one of its key groups.
/// A checkpoint holds one of these per task and component; docs/formats/checkpoint.md has the layout.
/// </summary>
internal sealed class ComponentState
{
    /// <summary>Group number of a part that is not divided by keys.</summary>
    public const int NoGroup = -1;

    private const string PositionPrefix = "position/";

    private readonly Dictionary<(string Name, int Group), ReadOnlyMemory<byte>> _parts = [];

    public IEnumerable<KeyValuePair<(string Name, int Group), ReadOnlyMemory<byte>>> Parts => _parts;

    public bool IsEmpty => _parts.Count == 0;

    /// <summary>The positions of a spout, by the unit of its input that each belongs to.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> Positions => _parts
        .Where(part => IsPosition(part.Key.Name))
        .Select(part => KeyValuePair.Create(part.Key.Name[PositionPrefix.Length..], part.Value));

    /// <summary>Whether a part is a spout's position. Those go with their unit, to whichever task reads it next.</summary>
    public static bool IsPosition(string name) => name.StartsWith(PositionPrefix, StringComparison.Ordinal);

    public void AddPosition(string unit, ReadOnlyMemory<byte> position) => Add(PositionPrefix + unit, NoGroup, position);

    public void Add(string name, int group, ReadOnlyMemory<byte> bytes) => _parts[(name, group)] = bytes;

    // A plain null would become an empty memory.
    public ReadOnlyMemory<byte>? Find(string name, int group) =>
        _parts.TryGetValue((name, group), out ReadOnlyMemory<byte> bytes) ? bytes : default(ReadOnlyMemory<byte>?);

    public void Write(StateWriter writer)
    {
        writer.WriteCount(_parts.Count);
        foreach (((string name, int group), ReadOnlyMemory<byte> bytes) in _parts)
        {
            writer.WriteString(name);
            writer.WriteInt32(group);
            writer.WriteBytes(bytes.Span);
        }
    }

    public static ComponentState Read(ref StateReader reader)
    {
        var state = new ComponentState();
        int count = reader.ReadCount();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            int group = reader.ReadInt32();
            state.Add(name, group, reader.ReadBytes().ToArray());
        }

        return state;
    }
}
