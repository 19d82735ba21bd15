using System.Text;
using CsCheck;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Tests.Transactions;

public class QuotaUsageTests
{
    private static readonly string[] Targets = ["/a", "/a/x", "/b"];

    private static readonly string[] Paths =
    [
        "/a", "/b", "/a/x", "/a/y", "/a/x/1", "/b/z",
        .. Targets.SelectMany(target => new[] { $"/zookeeper/quota{target}/zookeeper_limits", $"/zookeeper/quota{target}/zookeeper_stats" }),
    ];

    private static readonly Gen<ModelStep> Step = Gen.Select(
        Gen.Enum<StepKind>(), Gen.Int[0, Paths.Length - 1], (kind, path) => new ModelStep(kind, Paths[path], -1));

    private static readonly Gen<(ModelStep[] Steps, int InFlight)[]> History = Gen.Select(Step.Array[1, 3], Gen.Int[0, 5]).Array[0, 80];

    [Fact]
    public void Usage_is_what_is_in_the_tree_and_nothing_stays_in_flight() => History.Sample(history =>
    {
        WriteHistory real = Run(history);
        AssertCounted(real.State);
    });

    [Fact]
    public void Usage_is_right_after_a_recovery_that_applies_changes_twice() => Gen.Select(History, Gen.Int[0, 80]).Sample((history, replayFrom) =>
    {
        WriteHistory real = Run(history);
        var replayed = new ReplicatedState(withDigest: true);
        PrepareAndApplyTests.Replay(real.Log, replayed, from: 0);
        PrepareAndApplyTests.Replay(real.Log, replayed, replayFrom);
        replayed.Tree.Quotas.Rebuild();
        AssertCounted(replayed);
        Assert.Equal(PrepareAndApplyTests.Dump(real.State), PrepareAndApplyTests.Dump(replayed));
    });

    private static WriteHistory Run((ModelStep[] Steps, int InFlight)[] history)
    {
        var real = new WriteHistory();
        foreach (string target in Targets)
        {
            real.Propose(new ModelStep(StepKind.Create, "/zookeeper/quota" + target, -1));
        }

        foreach ((ModelStep[] steps, int inFlight) in history)
        {
            real.Propose(steps);
            real.Commit(inFlight);
        }

        real.Commit();
        return real;
    }

    private static void AssertCounted(ReplicatedState state)
    {
        List<Znode> all = [];
        for (var walk = new TreeWalk(state.Tree.Root); walk.MoveNext();)
        {
            all.Add(walk.Current);
        }

        string[] limited = [.. Targets.Where(target => state.Tree.Find($"/zookeeper/quota{target}/zookeeper_limits") is not null)];
        foreach (string target in limited)
        {
            Znode[] counted = [.. all.Where(znode => Nearest(limited, ZnodePath.Of(znode)) == target)];
            Quota quota = state.Tree.Quotas.Nearest(target)!;
            Assert.Equal((target, counted.Length, counted.Sum(znode => (long)znode.Data.Length)), (quota.Path, quota.Count, quota.Bytes));
            Assert.Equal((0, 0), (quota.CountInFlight, quota.BytesInFlight));
            if (state.Tree.Find(QuotaPath.Stats(target)) is Znode stats)
            {
                Assert.Equal($"count={quota.Count},bytes={quota.Bytes}", Encoding.UTF8.GetString(stats.Data));
            }
        }
    }

    private static string? Nearest(string[] limited, string path) => limited
        .Where(target => path == target || path.StartsWith(target + "/", StringComparison.Ordinal))
        .MaxBy(target => target.Length);
}
