using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>What the writes in flight add to the usage of quotas, so that many at once cannot pass a limit together.</summary>
internal sealed class PendingUsage
{
    private readonly Queue<Charge> _charges = new();
    private readonly List<Charge> _undecided = [];

    public void Add(Quota quota, long count, long bytes, long zxid)
    {
        if (count != 0 || bytes != 0)
        {
            _undecided.Add(new Charge(quota, count, bytes, zxid));
            Apply(quota, count, bytes);
        }
    }

    /// <summary>Keeps what was added since the last call.</summary>
    public void Commit()
    {
        foreach (Charge charge in _undecided)
        {
            _charges.Enqueue(charge);
        }

        _undecided.Clear();
    }

    /// <summary>Takes back what was added since the last <see cref="Commit"/>.</summary>
    public void Rollback()
    {
        foreach (Charge charge in _undecided)
        {
            Apply(charge.Quota, -charge.Count, -charge.Bytes);
        }

        _undecided.Clear();
    }

    /// <summary>Forgets what is applied: the quotas themselves have counted it.</summary>
    public void Release(long appliedZxid)
    {
        while (_charges.TryPeek(out Charge charge) && charge.Zxid <= appliedZxid)
        {
            _charges.Dequeue();
            Apply(charge.Quota, -charge.Count, -charge.Bytes);
        }
    }

    private static void Apply(Quota quota, long count, long bytes)
    {
        quota.CountInFlight += count;
        quota.BytesInFlight += bytes;
    }

    private readonly record struct Charge(Quota Quota, long Count, long Bytes, long Zxid);
}
