using Freshet.Streams.State;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams;

/// <summary>What a keyed bolt's task knows when it opens, and where it declares its states.</summary>
/// <typeparam name="TKey">The keys of the grouping.</typeparam>
public sealed class KeyedBoltContext<TKey> : TaskContext
    where TKey : notnull
{
    private readonly KeyedStateSet<TKey> _states;

    internal KeyedBoltContext(string component, int taskIndex, int taskCount, ILogger logger, TimeProvider time, KeyedStateSet<TKey> states)
        : base(component, taskIndex, taskCount, logger, time) => _states = states;

    /// <summary>Declares a state: a value for each key. What the last checkpoint holds of it is there at once.</summary>
    /// <param name="name">Name of the state within the bolt; it must stay the same across restarts.</param>
    /// <param name="codec">How values are saved.</param>
    public KeyedState<TKey, TValue> State<TValue>(string name, StateCodec<TValue>? codec = null) => _states.Declare(name, codec ?? StateCodec<TValue>.Default);
}
