using System.Text;

namespace Freshet.Coordination.Client.Watches;

/// <summary>Cuts the watches to set again after a reconnect into requests that fit a frame.</summary>
internal static class WatchBatches
{
    /// <summary>Path text per request; much more would pass a server's frame limit (ZOOKEEPER-706).</summary>
    private const int MaxBytes = 128 * 1024;

    public static IEnumerable<ILookup<WatchKind, string>> Cut(IEnumerable<WatchKey> watches)
    {
        var batch = new List<WatchKey>();
        int bytes = 0;
        foreach (WatchKey watch in watches)
        {
            int size = sizeof(int) + Encoding.UTF8.GetByteCount(watch.Path);
            if (bytes + size > MaxBytes && batch.Count > 0)
            {
                yield return batch.ToLookup(entry => entry.Kind, entry => entry.Path);
                batch = [];
                bytes = 0;
            }

            batch.Add(watch);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch.ToLookup(entry => entry.Kind, entry => entry.Path);
        }
    }
}
