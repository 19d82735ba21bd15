using Freshet.Streams;

namespace Storefront.Ads;

/// <summary>Counts the events that came too late for their window. For one task.</summary>
/// <param name="showRestored">Takes what a checkpoint held, because the board is empty after a restart.</param>
internal sealed class LateCounter(Action<long> showRestored) : Bolt<AdEvent, long>
{
    private long _late;

    public override void Execute(AdEvent tuple, IEmitter<long> output) => output.Emit(++_late);

    public override void Save(StateWriter state) => state.WriteInt64(_late);

    public override void Restore(ref StateReader state)
    {
        _late = state.ReadInt64();
        showRestored(_late);
    }
}
