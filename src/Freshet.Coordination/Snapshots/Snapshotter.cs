using Freshet.Coordination.Connections;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Storage.Snapshots;

namespace Freshet.Coordination.Snapshots;

/// <summary>
/// Takes a snapshot whenever the journal has grown enough, in small slices between requests, and then deletes the files
/// that are no longer needed. A snapshot is fuzzy: it starts at one zxid and may show parts of later ones.
/// </summary>
internal sealed class Snapshotter(CoordinationServer server) : IAsyncDisposable
{
    /// <summary>Bytes of one slice: well under a millisecond of work.</summary>
    private const int SliceBytes = 128 << 10;

    private long _journalBytesBefore;
    private long _zxidBefore = server.State.LastZxid;
    private long _lastSnapshotBytes;
    private Task _running = Task.CompletedTask;
    private volatile bool _stopping;

    private bool IsDue =>
        server.Pipeline.BytesProposed - _journalBytesBefore >= Math.Max(server.Options.SnapshotAfterBytes, _lastSnapshotBytes)
        || server.State.LastZxid - _zxidBefore >= server.Options.SnapshotAfterTransactions;

    /// <summary>Starts a snapshot when the journal has grown enough since the last. Used in sequence.</summary>
    public void TakeWhenDue()
    {
        if (IsDue && _running.IsCompleted && !_stopping)
        {
            (_journalBytesBefore, _zxidBefore) = (server.Pipeline.BytesProposed, server.State.LastZxid);
            _running = Task.Run(TakeAsync);
        }
    }

    /// <summary>Stops; a snapshot under way is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _running.ConfigureAwait(false);
    }

    private async Task TakeAsync()
    {
        try
        {
            using var block = new JuteWriter(SliceBytes * 2);
            var walk = new TreeWalk(server.State.Tree.Root);
            (long zxid, int znodes) = (0, 0);
            await InSequenceAsync(() =>
            {
                (zxid, znodes) = (server.State.LastZxid, server.State.Tree.Count);
                StateSnapshot.WriteSessions(block, server.State.Sessions);
            }).ConfigureAwait(false);
            using var writer = new SnapshotWriter(server.Options.DataDirectory, zxid);
            bool more = true;
            while (more && !_stopping)
            {
                writer.Write(block.WrittenSpan);
                block.Clear();
                await InSequenceAsync(() => more = StateSnapshot.WriteZnodes(block, walk, SliceBytes)).ConfigureAwait(false);
            }

            if (!_stopping)
            {
                await WriteDigestAsync(writer, block).ConfigureAwait(false);
                writer.Commit();
                _lastSnapshotBytes = writer.Length;
                server.Log.SnapshotTaken(zxid, znodes, writer.Length);
                server.Pipeline.Purge(SnapshotFile.Purge(server.Options.DataDirectory, server.Options.SnapshotsKept));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            server.Log.SnapshotFailed(failure);
        }
    }

    private async ValueTask WriteDigestAsync(SnapshotWriter writer, JuteWriter block)
    {
        if (server.State.Tree.Digest is TreeDigest digest)
        {
            block.Clear();
            await InSequenceAsync(() => StateSnapshot.WriteDigest(block, server.State.LastZxid, digest)).ConfigureAwait(false);
            writer.Write(block.WrittenSpan);
        }
    }

    private async Task InSequenceAsync(Action slice)
    {
        var work = new SequencedAction(slice);
        server.Sequencer.PostAside(work);
        await work.Done.ConfigureAwait(false);
    }
}
