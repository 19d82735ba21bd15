using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>How a stream's tuples are divided among the tasks of a consumer.</summary>
internal abstract class Grouping<T>
{
    public static Grouping<T> Shuffle { get; } = new Simple((flow, channels, sender) => new ShuffleOutput<T>(flow, channels, sender));

    public static Grouping<T> Global { get; } = new Simple((flow, channels, _) => new GlobalOutput<T>(flow, channels));

    public static Grouping<T> All { get; } = new Simple((flow, channels, _) => new AllOutput<T>(flow, channels));

    public static Grouping<T> Key<TKey>(Func<T, TKey> keyOf) => new Simple((flow, channels, _) => new KeyOutput<T, TKey>(flow, channels, keyOf));

    public abstract EdgeOutput<T> Create(TaskFlow flow, InboxChannel[] channels, int sender);

    private sealed class Simple(Func<TaskFlow, InboxChannel[], int, EdgeOutput<T>> create) : Grouping<T>
    {
        public override EdgeOutput<T> Create(TaskFlow flow, InboxChannel[] channels, int sender) => create(flow, channels, sender);
    }
}
