using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client;

/// <summary>
/// Several writes that happen all or not at all, under one zxid, each seeing the effects of those before it.
/// Build it, then pass it to <see cref="CoordinationClient.CommitAsync"/>. Not thread-safe.
/// </summary>
public sealed class CoordinationTransaction
{
    private readonly List<(OpCode Type, string Path, Action<JuteWriter, string> Write)> _operations = [];

    /// <summary>Creates a znode.</summary>
    public CoordinationTransaction Create(string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null) =>
        Add(path, new CreateRecord(data, mode, acl, TimeToLive: null), OpCode.Create);

    /// <summary>Creates a znode that the server deletes some time after its last change.</summary>
    /// <param name="timeToLive">1 ms to 2^40 - 1 ms.</param>
    /// <param name="mode"><see cref="CreateMode.PersistentTtl"/> or <see cref="CreateMode.PersistentSequentialTtl"/>.</param>
    public CoordinationTransaction CreateTtl(
        string path, ReadOnlyMemory<byte> data, TimeSpan timeToLive, CreateMode mode = CreateMode.PersistentTtl, IReadOnlyList<Acl>? acl = null) =>
        Add(path, new CreateRecord(data, mode, acl, timeToLive), OpCode.CreateTtl);

    /// <summary>Deletes a childless znode.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public CoordinationTransaction Delete(string path, int version = -1) =>
        Add(OpCode.Delete, path, (writer, serverPath) =>
        {
            writer.WriteString(serverPath);
            writer.WriteInt32(version);
        });

    /// <summary>Replaces a znode's data.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public CoordinationTransaction SetData(string path, ReadOnlyMemory<byte> data, int version = -1) =>
        Add(OpCode.SetData, path, (writer, serverPath) =>
        {
            writer.WriteString(serverPath);
            writer.WriteBuffer(data.Span);
            writer.WriteInt32(version);
        });

    /// <summary>Lets the transaction fail unless the znode exists with this data version (-1 for any).</summary>
    public CoordinationTransaction Check(string path, int version = -1) =>
        Add(OpCode.Check, path, (writer, serverPath) =>
        {
            writer.WriteString(serverPath);
            writer.WriteInt32(version);
        });

    internal void Write(JuteWriter writer, Func<string, string> toServer)
    {
        foreach ((OpCode type, string path, Action<JuteWriter, string> write) in _operations)
        {
            new MultiHeader(type, Done: false, Error: -1).Write(writer);
            write(writer, toServer(path));
        }

        MultiHeader.End.Write(writer);
    }

    /// <summary>Reads the results, or throws for the operation that made the transaction fail.</summary>
    internal IReadOnlyList<TransactionResult> Read(ref JuteReader reader, Func<string, string> toClient)
    {
        var results = new List<TransactionResult>(_operations.Count);
        CoordinationException? failure = null;
        for (MultiHeader header = MultiHeader.Read(ref reader); !header.Done; header = MultiHeader.Read(ref reader))
        {
            if (header.Type == OpCode.Error)
            {
                var error = (ErrorCode)reader.ReadInt32();
                if (error is not (ErrorCode.Ok or ErrorCode.RuntimeInconsistency))
                {
                    (OpCode type, string path, _) = _operations[Math.Min(results.Count, _operations.Count - 1)];
                    failure ??= new CoordinationException(error, $"{type} in a transaction", path);
                }

                results.Add(default);
                continue;
            }

            results.Add(ReadResult(header.Type, ref reader, toClient));
        }

        return failure is null ? results : throw failure;
    }

    private static TransactionResult ReadResult(OpCode type, ref JuteReader reader, Func<string, string> toClient) => type switch
    {
        OpCode.Create => new TransactionResult(toClient(reader.ReadPath()), null),
        OpCode.Create2 => new TransactionResult(toClient(reader.ReadPath()), Stat.Read(ref reader)),
        OpCode.SetData => new TransactionResult(null, Stat.Read(ref reader)),
        _ => default,
    };

    private CoordinationTransaction Add(string path, CreateRecord create, OpCode type) =>
        Add(create.Type(type), path, (writer, serverPath) =>
        {
            writer.WriteString(serverPath);
            create.Write(writer);
        });

    private CoordinationTransaction Add(OpCode type, string path, Action<JuteWriter, string> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _operations.Add((type, path, write));
        return this;
    }
}

/// <summary>The result of one operation of a transaction.</summary>
/// <param name="Path">Path of a created znode, else null.</param>
/// <param name="Stat">Stat after a set, else null.</param>
public readonly record struct TransactionResult(string? Path, Stat? Stat);
