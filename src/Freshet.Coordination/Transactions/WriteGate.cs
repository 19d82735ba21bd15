namespace Freshet.Coordination.Transactions;

/// <summary>
/// Whether writes are taken. A full disk shuts the gate; once a tick it opens again, and the next write finds out whether space has
/// returned. Meanwhile reads and sessions go on.
/// </summary>
internal sealed class WriteGate(CoordinationLog log)
{
    public bool IsShut { get; private set; }

    /// <summary>Whether the last write found the disk full.</summary>
    public bool IsFull { get; private set; }

    public void Shut(Exception noSpace)
    {
        if (!IsFull)
        {
            log.DiskFull(noSpace);
        }

        IsFull = IsShut = true;
    }

    public void TryAgain() => IsShut = false;

    /// <summary>A write has reached the disk.</summary>
    public void Passed()
    {
        if (IsFull)
        {
            IsFull = false;
            log.SpaceReturned();
        }
    }
}
