namespace Freshet.Coordination.Snapshots;

/// <summary>
/// The tree's digest at the moment when a snapshot was complete. From then on nothing of it is newer than what the journal says, so
/// whoever reads it and replays the journal that far must have the same tree.
/// </summary>
internal sealed record ExpectedDigest(string Snapshot, long Zxid, long Digest)
{
    /// <exception cref="InvalidDataException">The trees differ.</exception>
    public void Check(long zxid, long digest)
    {
        if (zxid == Zxid && digest != Digest)
        {
            throw new InvalidDataException(
                $"{Snapshot} and the journal behind it lead to another tree than the server had at zxid 0x{Zxid:x}: its digest is {digest} "
                + $"instead of {Digest}. Keep a copy of the data directory and report this. To start from the snapshot before, move this one away; to start regardless, set digest.enabled=false.");
        }
    }
}
