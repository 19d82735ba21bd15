using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>Sends every tuple to every task.</summary>
internal sealed class AllOutput<T>(TaskFlow flow, InboxChannel[] channels) : EdgeOutput<T>(flow, channels)
{
    public override void Emit(T tuple)
    {
        foreach (EdgeTarget<T> target in Targets)
        {
            target.Add(tuple);
        }
    }
}
