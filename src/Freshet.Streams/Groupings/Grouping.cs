using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>How a stream's tuples are divided among the tasks of a consumer.</summary>
internal sealed class Grouping<T>(Func<TaskFlow, InboxChannel[], int, EdgeOutput<T>> create)
{
    public static Grouping<T> Shuffle { get; } = new((flow, channels, sender) => new ShuffleOutput<T>(flow, channels, sender));

    public static Grouping<T> Global { get; } = new((flow, channels, _) => new GlobalOutput<T>(flow, channels));

    public static Grouping<T> All { get; } = new((flow, channels, _) => new AllOutput<T>(flow, channels));

    public static Grouping<T> Key<TKey>(Func<T, TKey> keyOf) => new((flow, channels, _) => new KeyOutput<T, TKey>(flow, channels, keyOf));

    /// <summary>Makes the sending end of one task.</summary>
    public EdgeOutput<T> Create(TaskFlow flow, InboxChannel[] channels, int sender) => create(flow, channels, sender);
}
