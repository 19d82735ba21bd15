using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Journal;

public sealed class SegmentedJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_appended_comes_back_in_order_with_its_sequence()
    {
        await JournalRun.FillAsync(_folder.Path, ["one", "", "three"]);
        await using var again = new JournalRun(_folder.Path);
        Assert.Equal([(1L, "one"), (2L, ""), (3L, "three")], again.Recovered);
        Assert.Equal(3, again.Journal.RecoveredSequence);
    }

    [Fact]
    public async Task Records_appended_together_share_a_batch_and_all_come_back()
    {
        string[] records = [.. Enumerable.Range(0, 5000).Select(i => $"record {i}")];
        await using (var run = new JournalRun(_folder.Path))
        {
            foreach (string record in records[..^1])
            {
                run.Journal.Append(System.Text.Encoding.UTF8.GetBytes(record));
            }

            await run.AppendAsync(records[^1]);
        }

        await using var again = new JournalRun(_folder.Path);
        Assert.Equal(records, again.Records);
    }

    [Fact]
    public async Task Cut_at_any_byte_of_its_last_batches_the_journal_keeps_every_whole_one_and_goes_on()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second", "third"]);
        string file = Assert.Single(Directory.GetFiles(_folder.Path));
        byte[] whole = await File.ReadAllBytesAsync(file);
        int[] ends = [.. new[] { "first", "second", "third" }.Select(record => 24 + 4 + record.Length)];
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            await File.WriteAllBytesAsync(file, whole[..cut]);
            int kept = cut < ends[0] ? 0 : cut < ends[0] + ends[1] ? 1 : cut < whole.Length ? 2 : 3;
            await using (var run = new JournalRun(_folder.Path))
            {
                Assert.Equal(new[] { "first", "second", "third" }[..kept], run.Records);
                await run.AppendAsync("next");
            }

            await using var again = new JournalRun(_folder.Path);
            Assert.Equal([.. new[] { "first", "second", "third" }[..kept], "next"], again.Records);
        }
    }

    [Fact]
    public async Task Damage_before_a_whole_batch_is_refused_with_file_and_offset()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second", "third"]);
        string file = Assert.Single(Directory.GetFiles(_folder.Path));
        byte[] whole = await File.ReadAllBytesAsync(file);
        int lastBatch = whole.Length - 24 - 4 - "third".Length;
        for (int at = 0; at < lastBatch; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x40;
            await File.WriteAllBytesAsync(file, damaged);
            var refusal = Assert.Throws<InvalidDataException>(() => new JournalRun(_folder.Path));
            Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("offset ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Damage_in_an_earlier_file_is_refused_even_at_its_end()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second"], segmentBytes: 1);
        string[] files = [.. Directory.GetFiles(_folder.Path).Order()];
        Assert.Equal(2, files.Length);
        await File.WriteAllBytesAsync(files[0], (await File.ReadAllBytesAsync(files[0]))[..^1]);
        Assert.Throws<InvalidDataException>(() => new JournalRun(_folder.Path));
    }

    [Fact]
    public async Task Zeros_behind_the_last_batch_of_any_file_are_the_length_it_was_given_ahead()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second"], segmentBytes: 1);
        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            await File.AppendAllBytesAsync(file, new byte[10_000]);
        }

        await using (var run = new JournalRun(_folder.Path))
        {
            Assert.Equal(["first", "second"], run.Records);
            await run.AppendAsync("third");
        }

        await using var again = new JournalRun(_folder.Path);
        Assert.Equal(["first", "second", "third"], again.Records);
    }

    [Fact]
    public async Task Zeros_in_place_of_an_earlier_file_s_last_batch_are_refused_as_a_gap()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second"], segmentBytes: 1);
        string earlier = Directory.GetFiles(_folder.Path).Order().First();
        await File.WriteAllBytesAsync(earlier, new byte[new FileInfo(earlier).Length]);
        var refusal = Assert.Throws<InvalidDataException>(() => new JournalRun(_folder.Path));
        Assert.Contains("gap", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_journal_has_no_zeros_at_its_end()
    {
        await JournalRun.FillAsync(_folder.Path, ["first"]);
        Assert.Equal(24 + 4 + "first".Length, new FileInfo(Assert.Single(Directory.GetFiles(_folder.Path))).Length);
    }

    [Fact]
    public async Task A_missing_file_is_refused()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second", "third"], segmentBytes: 1);
        File.Delete(Directory.GetFiles(_folder.Path).Order().ElementAt(1));
        var refusal = Assert.Throws<InvalidDataException>(() => new JournalRun(_folder.Path));
        Assert.Contains("gap", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovery_skips_what_a_snapshot_covers_and_purge_deletes_it()
    {
        await JournalRun.FillAsync(_folder.Path, ["first", "second", "third"], segmentBytes: 1);
        await using (var run = new JournalRun(_folder.Path, after: 2, segmentBytes: 1))
        {
            Assert.Equal([(3L, "third")], run.Recovered);
            run.Journal.Purge(2);
            await run.AppendAsync("fourth");
        }

        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        await using var again = new JournalRun(_folder.Path, after: 2);
        Assert.Equal(["third", "fourth"], again.Records);
    }

    [Fact]
    public async Task A_journal_that_ends_before_the_snapshot_continues_behind_the_snapshot()
    {
        await JournalRun.FillAsync(_folder.Path, ["first"]);
        await using (var run = new JournalRun(_folder.Path, after: 5))
        {
            await run.AppendAsync("sixth");
        }

        await using var again = new JournalRun(_folder.Path, after: 5);
        Assert.Equal([(6L, "sixth")], again.Recovered);
    }
}
