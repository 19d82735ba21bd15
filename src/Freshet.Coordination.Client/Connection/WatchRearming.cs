using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// Sets a session's watches again at the start of a connection. What changed while the client was away fires the one-shot ones before
/// the reply. Persistent ones are told all of it by a server of Freshet's; other servers do not know that question and ignore it.
/// </summary>
internal sealed class WatchRearming(WatchRegistry watches)
{
    private static readonly WatchKind[] Kinds = [WatchKind.Data, WatchKind.Exist, WatchKind.Child, WatchKind.Persistent, WatchKind.Recursive];

    private List<WatchKey> _persistent = [];
    private int _unanswered;

    /// <summary>
    /// True until it is known what the persistent watches missed. Events that come meanwhile are not for them: a server that tells what
    /// they missed tells these too, in their place; with any other server their readers must read anew anyway.
    /// </summary>
    public bool IsCatchingUp => _unanswered > 0 && _persistent.Count > 0;

    /// <param name="lastZxid">The newest that the client has seen in a reply.</param>
    public void Write(JuteWriter output, long lastZxid)
    {
        ILookup<WatchKind, string>[] batches = [.. watches.Batches()];
        _unanswered = batches.Length;
        _persistent = [.. batches.SelectMany(batch => batch.Where(kind => IsPersistent(kind.Key)).SelectMany(kind => kind.Select(path => new WatchKey(kind.Key, path))))];
        watches.Persistent.Position.BeginReplay();
        for (int i = 0; i < batches.Length; i++)
        {
            // Servers before 3.6 know the older request only.
            bool persistent = batches[i].Any(kind => IsPersistent(kind.Key));
            int frame = output.BeginFrame();
            new RequestHeader(ReservedXid.SetWatches, persistent ? OpCode.SetWatches2 : OpCode.SetWatches).Write(output);
            output.WriteInt64(lastZxid);
            foreach (WatchKind kind in persistent ? Kinds : Kinds.AsSpan(0, 3))
            {
                output.WriteStrings([.. batches[i][kind]]);
            }

            // Once all are set: batches hold the persistent ones last.
            if (persistent && i == batches.Length - 1)
            {
                new EventReplay(watches.Persistent.Position.Complete).Write(output);
            }

            output.EndFrame(frame);
        }
    }

    /// <summary>The server has set a batch.</summary>
    /// <returns>False when nothing was asked for.</returns>
    /// <exception cref="JuteException">It refused: watches that are not set would be waited for in vain. The next connection tries again.</exception>
    public bool TryAnswer(ReplyHeader header, ref JuteReader body)
    {
        if (_unanswered == 0)
        {
            return false;
        }

        if (header.Error != ErrorCode.Ok)
        {
            throw new JuteException($"The server refused to set watches again: {header.Error}.");
        }

        if (--_unanswered == 0)
        {
            watches.Persistent.Position.Reached(header.Zxid);
            watches.Persistent.SetAgain(_persistent, nothingMissed: body.Remaining > 0 && body.ReadBool());
        }

        return true;
    }

    private static bool IsPersistent(WatchKind kind) => kind is WatchKind.Persistent or WatchKind.Recursive;
}
