using Freshet.Tests.Support;
using PuppeteerSharp;

namespace Storefront.Tests.Web;

/// <summary>A headless Chromium with a profile of its own, and everything its pages complained about.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly TemporaryFolder _profile;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private Browser(TemporaryFolder profile, IBrowser browser) => (_profile, _browser) = (profile, browser);

    /// <summary>Errors and warnings of the console, and scripts that failed.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    public static async Task<Browser> StartAsync()
    {
        var profile = new TemporaryFolder();
        IBrowser browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Peers.Chromium,
            Headless = true,
            UserDataDir = profile.Path,
            Timeout = (int)Until.Patience.TotalMilliseconds,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return new Browser(profile, browser);
    }

    public async Task<IPage> OpenAsync(Uri address)
    {
        IPage page = await _browser.NewPageAsync();
        page.DefaultTimeout = (int)Until.Patience.TotalMilliseconds;
        page.Console += (_, line) =>
        {
            if (line.Message.Type is ConsoleType.Error or ConsoleType.Warning)
            {
                Complain(line.Message.Text);
            }
        };
        page.PageError += (_, failure) => Complain(failure.Message);
        await page.SetViewportAsync(new ViewPortOptions { Width = 1280, Height = 900 });
        await page.GoToAsync(address.AbsoluteUri, WaitUntilNavigation.DOMContentLoaded);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _profile.Dispose();
    }

    private void Complain(string text)
    {
        lock (_complaints)
        {
            _complaints.Add(text);
        }
    }
}
