using System.Text;
using Freshet.Storage.Files;
using Freshet.Storage.Journal;
using Freshet.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Tests.Journal;

public sealed class FullDiskTests : IDisposable
{
    private const int NoSpace = 28;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_systems_own_error_is_known()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is missing: this test would write to it.");
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Assert.True(DiskFull.Is(Assert.Throws<IOException>(() => full.Write("x"u8))));
    }

    [Fact]
    public async Task What_found_no_space_leaves_nothing_and_the_journal_goes_on_with_the_same_numbers()
    {
        var disk = new Disk();
        await using (SegmentedJournal journal = disk.Open(_folder.Path))
        {
            journal.Append("kept"u8);
            Assert.Equal(1, await disk.DurableAsync());
            disk.RoomLeft = 10; // not even a header: the write ends half-way
            Assert.Equal(2, journal.Append("refused"u8));
            await disk.FullAsync();
            Assert.Equal(3, journal.Append("too late"u8));
            journal.Abandon();
            Assert.Equal(0, journal.PendingBytes);
            disk.RoomLeft = long.MaxValue;
            Assert.Equal(2, journal.Append("next"u8));
            Assert.Equal(2, await disk.DurableAsync());
        }

        await using var again = new JournalRun(_folder.Path);
        Assert.Equal([(1L, "kept"), (2L, "next")], again.Recovered);
    }

    [Fact]
    public async Task A_full_disk_leaves_a_journal_that_can_be_read_at_once()
    {
        var disk = new Disk();
        await using (SegmentedJournal journal = disk.Open(_folder.Path))
        {
            journal.Append("kept"u8);
            await disk.DurableAsync();
            disk.RoomLeft = 30;
            journal.Append(Encoding.UTF8.GetBytes(new string('x', 1000)));
            await disk.FullAsync();
        }

        Assert.Equal(24 + 4 + 4, new FileInfo(Assert.Single(Directory.GetFiles(_folder.Path))).Length);
    }

    [Fact]
    public async Task Any_other_failure_is_final()
    {
        var disk = new Disk { Error = 5 };
        await using SegmentedJournal journal = disk.Open(_folder.Path);
        disk.RoomLeft = 0;
        journal.Append("lost"u8);
        await disk.FailedAsync();
        Assert.Throws<InvalidOperationException>(journal.Abandon);
    }

    /// <summary>A disk with so much room left, and what the journal on it has reported.</summary>
    private sealed class Disk
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly System.Threading.Channels.Channel<long> _durable = System.Threading.Channels.Channel.CreateUnbounded<long>();

        public long RoomLeft { get; set; } = long.MaxValue;

        public int Error { get; init; } = NoSpace;

        public SegmentedJournal Open(string folder) => SegmentedJournal.Open(
            new JournalOptions { Directory = folder, Write = Write }, 0, (_, _) => { },
            last => _durable.Writer.TryWrite(last), _ => _failed.TrySetResult(), _ => _full.TrySetResult());

        public Task<long> DurableAsync() => _durable.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public Task FullAsync() => _full.Task.WaitAsync(Patience);

        public Task FailedAsync() => _failed.Task.WaitAsync(Patience);

        private void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            RandomAccess.Write(file, bytes[..(int)Math.Min(bytes.Length, RoomLeft)], offset);
            if (bytes.Length > RoomLeft)
            {
                throw new IOException("The test's disk fails.", Error);
            }
        }
    }
}
