using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Migration;

/// <summary>One transaction of Apache's log: its header, and its record as our own changes.</summary>
internal sealed class ApacheTransaction
{
    private const int MinBytesOfPart = 8;

    private readonly List<Change> _changes = [];
    private readonly int _type;
    private readonly int? _openedTimeout;
    private readonly string[] _closedPaths = [];

    private ApacheTransaction(ref JuteReader reader)
    {
        SessionId = reader.ReadInt64();
        reader.ReadInt32(); // the request's number in its session
        At = new Moment(reader.ReadInt64(), reader.ReadInt64());
        _type = reader.ReadInt32();
        switch (_type)
        {
            case (int)OpCode.CreateSession:
                _openedTimeout = reader.ReadInt32();
                break;
            case (int)OpCode.CloseSession:
                // Releases before 3.6 do not say which znodes go with the session; a digest may stand in that place.
                _closedPaths = IsPathVector(reader) ? reader.ReadStrings() : [];
                break;
            default:
                ReadChange(_type, ref reader);
                break;
        }
    }

    public long SessionId { get; }

    public Moment At { get; }

    public static ApacheTransaction Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new JuteReader(bytes);
        return new ApacheTransaction(ref reader);
    }

    public void Apply(ReplicatedState state)
    {
        if (_openedTimeout is int timeout)
        {
            state.Sessions.Open(SessionId, timeout);
        }
        else if (_type == (int)OpCode.CloseSession)
        {
            new CloseSessionChange(SessionId, [.. state.Tree.Ephemerals.PathsOf(SessionId).Union(_closedPaths, StringComparer.Ordinal)]).Apply(state, At, events: null);
        }

        foreach (Change change in _changes)
        {
            change.Apply(state, At, events: null);
        }

        state.LastZxid = At.Zxid;
    }

    /// <summary>A vector of paths begins with a count and then a length and a slash; a digest does not.</summary>
    private static bool IsPathVector(JuteReader rest)
    {
        try
        {
            return Array.TrueForAll(rest.ReadStrings(), path => path.StartsWith('/'));
        }
        catch (JuteException)
        {
            return false;
        }
    }

    private void ReadChange(int type, ref JuteReader reader)
    {
        switch (type)
        {
            case (int)OpCode.Create or (int)OpCode.Create2:
                _changes.Add(ReadCreate(ref reader));
                break;
            case (int)OpCode.CreateContainer:
                _changes.Add(new CreateChange(
                    reader.ReadPath(), reader.ReadBytes(), AclList.Read(ref reader), creations: reader.ReadInt32(), owner: CreateModes.ContainerOwner));
                break;
            case (int)OpCode.CreateTtl:
                _changes.Add(new CreateChange(
                    reader.ReadPath(), reader.ReadBytes(), AclList.Read(ref reader), creations: reader.ReadInt32(), owner: CreateModes.TtlOwner(reader.ReadInt64())));
                break;
            case (int)OpCode.Delete or (int)OpCode.DeleteContainer:
                _changes.Add(new DeleteChange(reader.ReadPath()));
                break;
            case (int)OpCode.SetData or (int)OpCode.Reconfig:
                _changes.Add(new SetDataChange(reader.ReadPath(), reader.ReadBytes(), reader.ReadInt32()));
                break;
            case (int)OpCode.SetAcl:
                _changes.Add(new SetAclChange(reader.ReadPath(), AclList.Read(ref reader), reader.ReadInt32()));
                break;
            case (int)OpCode.Multi:
                ReadParts(ref reader);
                break;
            case (int)OpCode.Check or (int)OpCode.Error:
                break;
            default:
                throw new JuteException($"Transactions of type {type} are not known.");
        }
    }

    private CreateChange ReadCreate(ref JuteReader reader)
    {
        (string path, byte[]? data, AclList acl) = (reader.ReadPath(), reader.ReadBytes(), AclList.Read(ref reader));
        bool isEphemeral = reader.ReadBool();
        return new CreateChange(path, data, acl, isEphemeral ? SessionId : 0, creations: reader.ReadInt32());
    }

    /// <summary>A multi that failed is logged too, with its good parts and an error in place of the others: none of them happened.</summary>
    private void ReadParts(ref JuteReader reader)
    {
        bool hasFailed = false;
        for (int left = reader.ReadCount(MinBytesOfPart); left > 0; left--)
        {
            int type = reader.ReadInt32();
            var part = new JuteReader(reader.ReadBuffer(out _));
            ReadChange(type, ref part);
            hasFailed |= type == (int)OpCode.Error;
        }

        if (hasFailed)
        {
            _changes.Clear();
        }
    }
}
