using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>
/// A broker that is killed in the middle of compaction, under load: at chosen calls by which it gives files their names, removes them
/// and forces them to disk, and at random moments.
/// </summary>
public sealed class CompactionKillTests : IAsyncDisposable
{
    private const string Topic = "keyed";

    private readonly BrokerWithFaults _broker = new();
    private readonly Random _chance;
    private readonly KeyedLoad _load;

    public CompactionKillTests()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        _chance = new Random(seed);
        _load = new KeyedLoad(_broker.Address, Topic, seed);
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_kill_at_any_step_of_compaction_loses_no_newest_value_and_brings_back_no_deleted_key()
    {
        Assert.SkipWhen(Peers.Strace is null, "strace is missing: this test would kill the broker at chosen calls of rename, unlink and fdatasync.");
        await CreateTopicAsync();
        var interrupted = new HashSet<string>();
        foreach (string fault in Faults())
        {
            _load.Go();
            if (await _broker.StartBusyAsync(fault))
            {
                await _broker.HasEndedAsync();
            }

            await VerifyAsync(interrupted);
        }

        Assert.Contains(".cleaned", interrupted);
        Assert.Contains(".swap", interrupted);
    }

    [Fact]
    public async Task Kills_at_random_moments_do_not_either()
    {
        await CreateTopicAsync();
        for (int kill = 0; kill < 8; kill++)
        {
            await _broker.StartBusyAsync();
            _load.Go();
            await _load.AcknowledgedMoreAsync(_chance.Next(1, 1500));
            await _broker.KillAsync();
            await VerifyAsync([]);
        }
    }

    /// <summary>Each thread counts its own calls, and compaction has a thread of its own: this is the n-th call of its run.</summary>
    private static IEnumerable<string> Faults() =>
        from call in (string[])["rename", "unlink", "fdatasync"]
        from number in (int[])[2, 3, 4, 5, 7]
        select $"{call}:signal=KILL:when={number}";

    private async Task CreateTopicAsync()
    {
        await _broker.StartQuietAsync();
        await KafkaTopics.CreateAsync(
            _broker.Address, Topic, partitions: 1, ("cleanup.policy", "compact"), ("segment.bytes", "3000"), ("index.interval.bytes", "200"),
            ("min.cleanable.dirty.ratio", "0"), ("delete.retention.ms", "0"), ("file.delete.delay.ms", "0"));
        await _broker.KillAsync();
    }

    /// <summary>Starts a quiet broker, lets the load come to an end, and compares.</summary>
    private async Task VerifyAsync(HashSet<string> interrupted)
    {
        interrupted.UnionWith(CompactedTopic.UnfinishedWork(_broker.FolderOf(Topic)).Select(file => Path.GetExtension(file)!));
        await _load.PauseAsync();
        await _broker.StartQuietAsync();
        CompactedTopic.AssertTidy(_broker.FolderOf(Topic));
        await _load.SettleAsync();
        int left = CompactedTopic.AssertFits(_broker.Address, Topic, _load.Acknowledged);
        TestContext.Current.TestOutputHelper?.WriteLine($"{left} of {_load.Acknowledged.Count} records are left.");
        await _broker.KillAsync();
    }
}
