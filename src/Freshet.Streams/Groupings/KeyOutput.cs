using Freshet.Streams.Runtime;
using Freshet.Streams.State;

namespace Freshet.Streams.Groupings;

/// <summary>Sends all tuples of a key to the task that owns the key's group.</summary>
internal sealed class KeyOutput<T, TKey>(TaskFlow flow, InboxChannel[] channels, Func<T, TKey> keyOf) : EdgeOutput<T>(flow, channels)
{
    public override void Emit(T tuple)
    {
        int target = Targets.Length == 1 ? 0 : KeyGroups.OwnerOf(KeyGroups.GroupOf(keyOf(tuple)), Targets.Length);
        Targets[target].Add(tuple);
    }
}
