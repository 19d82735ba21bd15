namespace Freshet.Streams;

/// <summary>A checked description of a topology, ready to run. Immutable; each run makes instances of its own.</summary>
public sealed class Topology
{
    internal Topology(string name, IReadOnlyList<Component> components)
    {
        Name = name;
        Components = components;
    }

    /// <summary>The topology's name.</summary>
    public string Name { get; }

    internal IReadOnlyList<Component> Components { get; }
}
