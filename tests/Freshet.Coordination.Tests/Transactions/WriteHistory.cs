using System.Text;
using Freshet.Coordination.Access;
using Freshet.Coordination.Requests.Writes;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Coordination.Tests.Transactions;

/// <summary>Takes generated steps through the real decoding, checks and pipeline, without a socket or a disk.</summary>
internal sealed class WriteHistory : IStateEvents
{
    private const long SessionId = 77;
    private static readonly AuthenticationSchemes Schemes = new(new CoordinationOptions { DataDirectory = "" });
    private static readonly QuotaCheck Quotas = new(enforce: true, new CoordinationLog(NullLogger.Instance));
    private readonly TransactionPipeline _pipeline;

    public WriteHistory()
    {
        _pipeline = new TransactionPipeline(State, this, TimeProvider.System);
        _pipeline.Start(Log, 0);
    }

    public ReplicatedState State { get; } = new(withDigest: true);

    public MemoryLog Log { get; } = new();

    public ErrorCode Propose(params ModelStep[] steps)
    {
        Moment at = _pipeline.Next();
        var context = new PrepareContext(_pipeline.Pending, Identities.Server, Schemes, SessionId, Quotas, at);
        List<Change> changes = [];
        foreach (ModelStep step in steps)
        {
            ErrorCode error = Operation(step).Prepare(context, out Change? change);
            if (error != ErrorCode.Ok)
            {
                _pipeline.Pending.Rollback();
                _pipeline.Propose(new Transaction([new FailureChange(error)], at));
                return error;
            }

            changes.Add(change!);
        }

        _pipeline.Propose(new Transaction([.. changes], at));
        return ErrorCode.Ok;
    }

    /// <summary>Makes everything but the newest transactions durable.</summary>
    public void Commit(int inFlight = 0) => _pipeline.Commit(_pipeline.LastProposed - inFlight);

    /// <summary>Every znode but the built-in ones, in the model's words.</summary>
    public static IEnumerable<string> Describe(ReplicatedState state)
    {
        List<string> lines = [];
        for (var walk = new TreeWalk(state.Tree.Root); walk.MoveNext();)
        {
            string path = ZnodePath.Of(walk.Current);
            if (!path.StartsWith("/zookeeper", StringComparison.Ordinal))
            {
                lines.Add($"{path} v{walk.Current.Version} c{walk.Current.Creations}");
            }
        }

        return lines.Order();
    }

    public void Created(string path, Znode znode, in Moment at)
    {
    }

    public void Deleted(string path, Znode znode, in Moment at)
    {
    }

    public void DataChanged(string path, Znode znode, in Moment at)
    {
    }

    public void Swallowed(in Moment at) => Assert.Fail($"Transaction {at.Zxid} does not fit the tree.");

    public void SessionClosed(Session session)
    {
    }

    private static WriteOperation Operation(ModelStep step)
    {
        using var request = new JuteWriter();
        request.WriteString(step.Path);
        OpCode type = step.Kind switch
        {
            StepKind.Delete => OpCode.Delete,
            StepKind.SetData => OpCode.SetData,
            StepKind.Check => OpCode.Check,
            _ => OpCode.Create2,
        };
        if (type is OpCode.Create2 or OpCode.SetData)
        {
            request.WriteBuffer(Encoding.UTF8.GetBytes("data"));
        }

        if (type == OpCode.Create2)
        {
            Acl.WriteList(request, Acl.Open);
            request.WriteInt32((int)(step.Kind switch
            {
                StepKind.CreateEphemeral => CreateMode.Ephemeral,
                StepKind.CreateSequential => CreateMode.PersistentSequential,
                _ => CreateMode.Persistent,
            }));
        }
        else
        {
            request.WriteInt32(step.Version);
        }

        var reader = new JuteReader(request.WrittenSpan);
        return WriteDecoder.Read(type, ref reader)[0];
    }
}
