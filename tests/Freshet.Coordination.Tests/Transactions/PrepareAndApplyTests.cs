using CsCheck;
using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tests.Transactions;

public class PrepareAndApplyTests
{
    private static readonly string[] Paths = ["/a", "/b", "/a/x", "/a/y", "/a/x/1", "/b/z"];

    private static readonly Gen<ModelStep> Step = Gen.Select(
        Gen.Enum<StepKind>(), Gen.Int[0, Paths.Length - 1], Gen.Int[-1, 1],
        (kind, path, version) => new ModelStep(kind, Paths[path], version));

    // A transaction of one to three operations, and how many transactions stay in flight behind it.
    private static readonly Gen<(ModelStep[] Steps, int InFlight)[]> History = Gen.Select(Step.Array[1, 3], Gen.Int[0, 5]).Array[0, 60];

    [Fact]
    public void Every_write_is_decided_as_if_all_earlier_ones_were_applied_and_a_multi_is_all_or_nothing() => History.Sample(history =>
    {
        var real = new WriteHistory();
        var model = new ZnodeModel();
        foreach ((ModelStep[] steps, int inFlight) in history)
        {
            ZnodeModel before = model.Copy();
            ErrorCode expected = steps.Select(model.Apply).FirstOrDefault(error => error != ErrorCode.Ok);
            model = expected == ErrorCode.Ok ? model : before;
            Assert.Equal(expected, real.Propose(steps));
            real.Commit(inFlight);
        }

        real.Commit();
        Assert.Equal(model.Describe(), WriteHistory.Describe(real.State));
    });

    [Fact]
    public void Replaying_the_log_gives_the_same_state_also_over_one_that_is_ahead() => Gen.Select(History, Gen.Int[0, 60]).Sample((history, replayFrom) =>
    {
        var real = new WriteHistory();
        foreach ((ModelStep[] steps, _) in history)
        {
            real.Propose(steps);
        }

        real.Commit();
        var replayed = new ReplicatedState(withDigest: true);
        Replay(real.Log, replayed, from: 0);
        Replay(real.Log, replayed, replayFrom);
        Assert.Equal(Dump(real.State), Dump(replayed));
    });

    [Fact]
    public void A_snapshot_taken_while_the_tree_changes_is_made_whole_by_the_log() => Gen.Select(History, History, Gen.Int[1, 400]).Sample((before, during, blockBytes) =>
    {
        var real = new WriteHistory();
        foreach ((ModelStep[] steps, _) in before)
        {
            real.Propose(steps);
        }

        real.Commit();
        int start = real.Log.Records.Count;
        var restored = new ReplicatedState(withDigest: true);
        var loader = new TreeLoader(restored.Tree);
        var walk = new TreeWalk(real.State.Tree.Root);
        using var block = new JuteWriter();
        foreach ((ModelStep[] steps, _) in during)
        {
            TakeSlice();
            real.Propose(steps);
            real.Commit();
        }

        while (TakeSlice())
        {
        }

        loader.Complete();
        Replay(real.Log, restored, start);
        Assert.Equal(Dump(real.State), Dump(restored));

        bool TakeSlice()
        {
            block.Clear();
            bool more = StateSnapshot.WriteZnodes(block, walk, blockBytes);
            StateSnapshot.Read(block.WrittenSpan, restored, loader, "snapshot");
            return more;
        }
    });

    internal static void Replay(MemoryLog log, ReplicatedState state, int from)
    {
        for (int i = from; i < log.Records.Count; i++)
        {
            Transaction.Read(i + 1, log.Records[i]).Apply(state, events: null);
        }
    }

    /// <summary>Every field of every znode, as a snapshot would hold it, in a fixed order.</summary>
    internal static IEnumerable<string> Dump(ReplicatedState state)
    {
        List<string> lines = [];
        using var stat = new JuteWriter();
        for (var walk = new TreeWalk(state.Tree.Root); walk.MoveNext();)
        {
            stat.Clear();
            walk.Current.WriteStat(stat);
            walk.Current.WriteData(stat);
            lines.Add($"{ZnodePath.Of(walk.Current)} {Convert.ToHexString(stat.WrittenSpan)}");
        }

        lines.Add($"digest {state.Tree.Digest!.Value}");
        return lines.Order();
    }
}
