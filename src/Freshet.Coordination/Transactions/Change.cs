using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>What a change is, as the journal stores it. The numbers are part of the format.</summary>
internal enum ChangeKind : byte
{
    Failure = 0,
    Create = 1,
    Delete = 2,
    SetData = 3,
    SetAcl = 4,
    Check = 5,
    OpenSession = 6,
    CloseSession = 7,
}

/// <summary>
/// One decided change. It states its result (the new version, the final path, the access list after expansion), so that
/// every server that applies it ends in the same state, however often it does. Layout: docs/formats/coordination-transaction.md.
/// </summary>
internal abstract class Change
{
    public abstract ChangeKind Kind { get; }

    /// <summary>Puts the change into the state and tells <paramref name="events"/> what happened.</summary>
    public abstract void Apply(ReplicatedState state, in Moment at, IStateEvents? events);

    /// <summary>Writes the fields behind the kind.</summary>
    public abstract void Write(JuteWriter writer);

    public static Change Read(ref JuteReader reader)
    {
        var kind = (ChangeKind)reader.ReadByte();
        return kind switch
        {
            ChangeKind.Failure => FailureChange.Read(ref reader),
            ChangeKind.Create => CreateChange.Read(ref reader),
            ChangeKind.Delete => DeleteChange.Read(ref reader),
            ChangeKind.SetData => SetDataChange.Read(ref reader),
            ChangeKind.SetAcl => SetAclChange.Read(ref reader),
            ChangeKind.Check => CheckChange.Read(ref reader),
            ChangeKind.OpenSession => OpenSessionChange.Read(ref reader),
            ChangeKind.CloseSession => CloseSessionChange.Read(ref reader),
            _ => throw new InvalidDataException($"The journal holds a change of kind {kind}, which this version does not know. Use the version that wrote it."),
        };
    }
}
