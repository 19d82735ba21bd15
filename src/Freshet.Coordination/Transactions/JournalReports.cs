using Freshet.Coordination.Connections;
using Freshet.Storage.Journal;

namespace Freshet.Coordination.Transactions;

/// <summary>Brings what the journal's own thread reports into the sequence of the server.</summary>
internal sealed class JournalReports(CoordinationOptions options, CoordinationLog log)
{
    private SegmentedJournal? _journal;
    private CoordinationServer? _server;
    private TimeSpan? _synced;

    /// <summary>Opens the journal, which hands over what it holds behind <paramref name="after"/>.</summary>
    /// <param name="after">Last zxid of the snapshot.</param>
    public SegmentedJournal Open(long after, JournalRecordHandler replay)
    {
        var journalOptions = new JournalOptions
        {
            Directory = options.JournalDirectory ?? options.DataDirectory,
            Sync = options.ForceSync,
            Synced = Synced,
            Write = options.JournalWrite,
        };
        return _journal = SegmentedJournal.Open(journalOptions, after, replay, Durable, Failed, Full);
    }

    /// <summary>Names the server that gets the reports; the journal makes none before something is appended.</summary>
    public void ReportTo(CoordinationServer server) => _server = server;

    private void Synced(TimeSpan took)
    {
        _synced = took;
        if (took >= options.SlowSyncThreshold)
        {
            log.SlowSync((long)took.TotalMilliseconds);
        }
    }

    private void Durable(long zxid)
    {
        TimeSpan? synced = _synced;
        var commit = new SequencedAction(() => _server!.Commit(zxid, synced));
        if (_journal!.HasMoreToWrite)
        {
            _server!.Sequencer.PostAside(commit);
        }
        else
        {
            // A lone write is answered from here: to wake another thread costs more than the answer.
            _server!.Sequencer.PostBriefly(commit);
        }
    }

    private void Failed(Exception failure) => _server!.Sequencer.PostAside(new SequencedAction(() => _server.Fail(failure)));

    private void Full(Exception noSpace) => _server!.Sequencer.PostAside(new SequencedAction(() => _server.RefuseWrites(noSpace)));
}
