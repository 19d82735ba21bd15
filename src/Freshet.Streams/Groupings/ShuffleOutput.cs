using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>Spreads tuples evenly: fills a batch for one task, then goes on to the next.</summary>
internal sealed class ShuffleOutput<T>(TaskFlow flow, InboxChannel[] channels, int firstTarget) : EdgeOutput<T>(flow, channels)
{
    private int _current = firstTarget % channels.Length;

    public override void Emit(T tuple)
    {
        if (Targets[_current].Add(tuple))
        {
            Advance();
        }
    }

    public override async ValueTask FlushAsync()
    {
        await base.FlushAsync().ConfigureAwait(false);
        // At low rates no batch ever fills; the tasks still take turns.
        Advance();
    }

    private void Advance() => _current = _current + 1 == Targets.Length ? 0 : _current + 1;
}
