using Freshet.Streams;

namespace Storefront.Ads;

/// <summary>Counts the events that came too late for their window. For one task.</summary>
internal sealed class LateCounter : Bolt<AdEvent, long>
{
    private long _late;
    private bool _isRestored;

    public override void Execute(AdEvent tuple, IEmitter<long> output)
    {
        _isRestored = false;
        output.Emit(++_late);
    }

    public override void OnWatermark(DateTimeOffset watermark, IEmitter<long> output)
    {
        if (_isRestored)
        {
            _isRestored = false;
            output.Emit(_late);
        }
    }

    public override void Save(StateWriter state) => state.WriteInt64(_late);

    public override void Restore(ref StateReader state)
    {
        _late = state.ReadInt64();
        _isRestored = true;
    }
}
