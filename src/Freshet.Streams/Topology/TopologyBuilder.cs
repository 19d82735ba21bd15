namespace Freshet.Streams;

/// <summary>Describes a topology: spouts, bolts and sinks, and the streams between them. Not thread-safe.</summary>
/// <param name="name">Name of the topology, for logs.</param>
public sealed class TopologyBuilder(string name)
{
    private readonly List<Component> _components = [];

    /// <summary>Adds a spout.</summary>
    /// <param name="id">Name of the component; it must be unique and stay the same across restarts, because checkpoints name it.</param>
    /// <param name="create">Makes the instance of one task.</param>
    /// <param name="parallelism">How many tasks.</param>
    public Stream<T> AddSpout<T>(string id, Func<ISpout<T>> create, int parallelism = 1)
    {
        var spout = new SpoutComponent<T>(id, parallelism, create);
        Add(spout);
        return new Stream<T>(this, [spout.Output]);
    }

    /// <summary>Checks the description and returns the topology.</summary>
    /// <exception cref="TopologyException">It cannot run; the message says why.</exception>
    public Topology Build() => _components.Count == 0
        ? throw new TopologyException($"Topology '{name}' is empty. Add a spout.")
        : new Topology(name, [.. _components]);

    internal void Add(Component component)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(component.Id);
        if (component.Parallelism is < 1 or > MaxParallelism)
        {
            throw new TopologyException($"'{component.Id}' has a parallelism of {component.Parallelism}; it must be from 1 to {MaxParallelism}.");
        }

        if (_components.Exists(other => other.Id == component.Id))
        {
            throw new TopologyException($"Topology '{name}' has two components named '{component.Id}'. Give each a name of its own.");
        }

        _components.Add(component);
    }

    /// <summary>More tasks than key groups would leave some without keys.</summary>
    internal const int MaxParallelism = State.KeyGroups.Count;
}
