namespace Freshet.Coordination.Transactions;

/// <summary>
/// Whether writes are taken. A full disk shuts the gate; once a tick it opens again, and the next write finds out whether space has
/// returned. Meanwhile reads and sessions go on.
/// </summary>
internal sealed class WriteGate(CoordinationLog log)
{
    private bool _isFull;

    public bool IsShut { get; private set; }

    public void Shut(Exception noSpace)
    {
        if (!_isFull)
        {
            log.DiskFull(noSpace);
        }

        _isFull = IsShut = true;
    }

    public void TryAgain() => IsShut = false;

    /// <summary>A write has reached the disk.</summary>
    public void Passed()
    {
        if (_isFull)
        {
            _isFull = false;
            log.SpaceReturned();
        }
    }
}
