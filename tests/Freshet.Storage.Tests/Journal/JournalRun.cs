using System.Text;
using Freshet.Storage.Journal;

namespace Freshet.Storage.Tests.Journal;

/// <summary>A journal opened once: what it recovered, and a way to append and wait for the disk.</summary>
internal sealed class JournalRun : IAsyncDisposable
{
    private readonly SegmentedJournal _journal;
    private readonly SemaphoreSlim _reported = new(0);
    private long _durable;

    public JournalRun(string directory, long after = 0, int segmentBytes = 1 << 20) =>
        _journal = SegmentedJournal.Open(
            new JournalOptions { Directory = directory, SegmentBytes = segmentBytes },
            after,
            (sequence, record) => Recovered.Add((sequence, Encoding.UTF8.GetString(record))),
            last =>
            {
                Interlocked.Exchange(ref _durable, last);
                _reported.Release();
            },
            _ => { });

    public List<(long Sequence, string Record)> Recovered { get; } = [];

    public IEnumerable<string> Records => Recovered.Select(entry => entry.Record);

    public SegmentedJournal Journal => _journal;

    /// <summary>Appends a record and waits until it is on disk, so that it is a batch of its own.</summary>
    public async Task AppendAsync(string record)
    {
        long sequence = _journal.Append(Encoding.UTF8.GetBytes(record));
        while (Interlocked.Read(ref _durable) < sequence)
        {
            Assert.True(await _reported.WaitAsync(TimeSpan.FromSeconds(30)), "The journal did not report the record durable.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _reported.Dispose();
    }

    /// <summary>Fills a new journal, one batch a record.</summary>
    public static async Task FillAsync(string directory, IEnumerable<string> records, int segmentBytes = 1 << 20)
    {
        await using var run = new JournalRun(directory, segmentBytes: segmentBytes);
        foreach (string record in records)
        {
            await run.AppendAsync(record);
        }
    }
}
