using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tests.Transactions;

/// <summary>ZooKeeper's data model in its simplest form: one dictionary, no transactions in flight.</summary>
internal sealed class ZnodeModel
{
    private readonly Dictionary<string, (int Version, int Creations, bool Ephemeral)> _znodes = new() { ["/"] = (0, 0, false) };

    public IEnumerable<string> Describe() => _znodes.Select(entry => $"{entry.Key} v{entry.Value.Version} c{entry.Value.Creations}").Order();

    public ZnodeModel Copy()
    {
        var copy = new ZnodeModel();
        copy._znodes.Clear();
        foreach ((string path, (int, int, bool) znode) in _znodes)
        {
            copy._znodes.Add(path, znode);
        }

        return copy;
    }

    public ErrorCode Apply(ModelStep step)
    {
        string parent = step.Path.LastIndexOf('/') is > 0 and int slash ? step.Path[..slash] : "/";
        bool exists = _znodes.TryGetValue(step.Path, out (int Version, int Creations, bool Ephemeral) znode);
        bool wrongVersion = step.Version >= 0 && step.Version != znode.Version;
        switch (step.Kind)
        {
            case StepKind.Create or StepKind.CreateEphemeral or StepKind.CreateSequential:
                if (!_znodes.TryGetValue(parent, out (int Version, int Creations, bool Ephemeral) above))
                {
                    return ErrorCode.NoNode;
                }

                string path = step.Kind == StepKind.CreateSequential ? $"{step.Path}{above.Creations:D10}" : step.Path;
                if (_znodes.ContainsKey(path) || above.Ephemeral)
                {
                    return above.Ephemeral && !_znodes.ContainsKey(path) ? ErrorCode.NoChildrenForEphemerals : ErrorCode.NodeExists;
                }

                _znodes[parent] = above with { Creations = above.Creations + 1 };
                _znodes[path] = (0, 0, step.Kind == StepKind.CreateEphemeral);
                return ErrorCode.Ok;
            case StepKind.Delete:
                if (!exists || wrongVersion)
                {
                    return exists ? ErrorCode.BadVersion : ErrorCode.NoNode;
                }

                if (_znodes.Keys.Any(other => other.StartsWith(step.Path + "/", StringComparison.Ordinal)))
                {
                    return ErrorCode.NotEmpty;
                }

                _znodes.Remove(step.Path);
                return ErrorCode.Ok;
            default:
                if (!exists || wrongVersion)
                {
                    return exists ? ErrorCode.BadVersion : ErrorCode.NoNode;
                }

                if (step.Kind == StepKind.SetData)
                {
                    _znodes[step.Path] = znode with { Version = znode.Version + 1 };
                }

                return ErrorCode.Ok;
        }
    }
}

internal enum StepKind
{
    Create,
    CreateEphemeral,
    CreateSequential,
    Delete,
    SetData,
    Check,
}

/// <summary>One operation of a generated history.</summary>
internal readonly record struct ModelStep(StepKind Kind, string Path, int Version);
