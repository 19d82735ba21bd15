using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client;

/// <summary>
/// Several reads in one request, each answered or refused on its own. Build it, then pass it to
/// <see cref="CoordinationClient.ReadAsync"/>. Not thread-safe. From ZooKeeper 3.6 on.
/// </summary>
public sealed class MultiRead
{
    private readonly List<(OpCode Type, string Path)> _reads = [];

    /// <summary>Reads a znode's data and stat.</summary>
    public MultiRead GetData(string path) => Add(OpCode.GetData, path);

    /// <summary>Reads the names of a znode's children.</summary>
    public MultiRead GetChildren(string path) => Add(OpCode.GetChildren, path);

    internal void Write(JuteWriter writer, Func<string, string> toServer)
    {
        foreach ((OpCode type, string path) in _reads)
        {
            new MultiHeader(type, Done: false, Error: -1).Write(writer);
            writer.WriteString(toServer(path));
            writer.WriteBool(false); // watches cannot be set here
        }

        MultiHeader.End.Write(writer);
    }

    internal IReadOnlyList<MultiReadResult> Read(ref JuteReader reader)
    {
        var results = new List<MultiReadResult>(_reads.Count);
        for (MultiHeader header = MultiHeader.Read(ref reader); !header.Done; header = MultiHeader.Read(ref reader))
        {
            string path = results.Count < _reads.Count ? _reads[results.Count].Path : throw new JuteException("A multiRead has more results than reads.");
            results.Add(header.Type switch
            {
                OpCode.GetData => new MultiReadResult(path, ErrorCode.Ok, new ZnodeData(reader.ReadBytes(), Stat.Read(ref reader)), null),
                OpCode.GetChildren => new MultiReadResult(path, ErrorCode.Ok, null, reader.ReadStrings()),
                _ => new MultiReadResult(path, (ErrorCode)reader.ReadInt32(), null, null),
            });
        }

        return results;
    }

    private MultiRead Add(OpCode type, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _reads.Add((type, path));
        return this;
    }
}

/// <summary>The result of one read of a <see cref="MultiRead"/>.</summary>
/// <param name="Path">What was read.</param>
/// <param name="Error"><see cref="ErrorCode.Ok"/>, or why this read was refused.</param>
/// <param name="Data">Data and stat, if those were read.</param>
/// <param name="Children">Names of the children, in no particular order, if those were read.</param>
public sealed record MultiReadResult(string Path, ErrorCode Error, ZnodeData? Data, IReadOnlyList<string>? Children);
