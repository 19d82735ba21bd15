using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>Decided changes that happen together, under one zxid.</summary>
internal sealed class Transaction(Change[] changes, Moment at)
{
    public Moment At => at;

    /// <summary>The request that waits for this transaction on this server; null for what no client asked for.</summary>
    public IPendingReply? Reply { get; init; }

    /// <summary>What the log stores. The zxid is the record's own number there.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt64(at.Time);
        writer.WriteInt32(changes.Length);
        foreach (Change change in changes)
        {
            writer.WriteByte((byte)change.Kind);
            change.Write(writer);
        }
    }

    /// <exception cref="InvalidDataException">The record is none that this version writes.</exception>
    public static Transaction Read(long zxid, ReadOnlySpan<byte> record)
    {
        try
        {
            var reader = new JuteReader(record);
            long time = reader.ReadInt64();
            var changes = new Change[reader.ReadCount(minBytesPerItem: 1)];
            for (int i = 0; i < changes.Length; i++)
            {
                changes[i] = Change.Read(ref reader);
            }

            return new Transaction(changes, new Moment(zxid, time));
        }
        catch (JuteException malformed)
        {
            throw new InvalidDataException($"Transaction {zxid} in the journal cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <summary>Applies every change in order, then answers whoever waits.</summary>
    public void Apply(ReplicatedState state, IStateEvents? events)
    {
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i].Apply(state, at, events);
            Reply?.Applied(i, state);
        }

        state.Reach(at.Zxid);
        Reply?.Send(this);
    }
}
