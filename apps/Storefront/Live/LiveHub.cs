using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Storefront.Live;

/// <summary>
/// Hands the newest picture of the shop to every browser that watches. A slow browser misses pictures in between, never
/// the newest, and holds one at most. Thread-safe.
/// </summary>
internal sealed class LiveHub
{
    /// <summary>Each browser holds a connection open; this many are plenty for one machine.</summary>
    public const int MaxBrowsers = 200;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<string>> _browsers = [];
    private string? _newest;

    public void Publish(string picture)
    {
        lock (_lock)
        {
            _newest = picture;
            foreach (Channel<string> browser in _browsers)
            {
                browser.Writer.TryWrite(picture);
            }
        }
    }

    /// <summary>A place for one more browser, or null when all are taken. Dispose it when the browser leaves.</summary>
    public LiveSeat? TryTakeSeat()
    {
        lock (_lock)
        {
            if (_browsers.Count == MaxBrowsers)
            {
                return null;
            }

            var browser = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
            if (_newest is not null)
            {
                browser.Writer.TryWrite(_newest);
            }

            _browsers.Add(browser);
            return new LiveSeat(browser.Reader, () => Leave(browser));
        }
    }

    private void Leave(Channel<string> browser)
    {
        lock (_lock)
        {
            _browsers.Remove(browser);
        }
    }
}

/// <summary>One browser's place at the <see cref="LiveHub"/>.</summary>
internal sealed class LiveSeat(ChannelReader<string> pictures, Action leave) : IDisposable
{
    /// <summary>Every picture from now on, the newest first.</summary>
    public async IAsyncEnumerable<string> PicturesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await pictures.WaitToReadAsync(cancellation))
        {
            while (pictures.TryRead(out string? picture))
            {
                yield return picture;
            }
        }
    }

    public void Dispose() => leave();
}
