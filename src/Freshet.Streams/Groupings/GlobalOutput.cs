using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>Sends every tuple to the first task.</summary>
internal sealed class GlobalOutput<T>(TaskFlow flow, InboxChannel[] channels) : EdgeOutput<T>(flow, channels)
{
    public override void Emit(T tuple) => Targets[0].Add(tuple);
}
