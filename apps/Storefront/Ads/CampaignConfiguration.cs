using System.Text.Json;
using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Storefront.Hosting;

namespace Storefront.Ads;

/// <summary>
/// Keeps a <see cref="CampaignBook"/> equal to the znode <see cref="Path"/>. Whoever changes the znode, with any ZooKeeper
/// client, changes the ads on the page.
/// </summary>
internal sealed class CampaignConfiguration : IAsyncDisposable
{
    public const string Path = "/storefront/campaigns";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CoordinationClientOptions _coordination;
    private readonly CampaignBook _campaigns;
    private readonly AdCampaigns _initial;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly Task _following;

    /// <param name="initial">Written when the znode does not exist yet.</param>
    public CampaignConfiguration(string connectString, CampaignBook campaigns, AdCampaigns initial, ILoggerFactory loggers)
    {
        _coordination = new CoordinationClientOptions { ConnectString = connectString };
        _campaigns = campaigns;
        _initial = initial;
        _loggers = loggers;
        _log = loggers.CreateLogger<CampaignConfiguration>();
        _following = FollowAsync();
    }

    /// <summary>Completes once the book holds what the znode says.</summary>
    public Task FirstRead => _firstRead.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    /// <summary>A session that is over, for example after a long sleep of the machine, is replaced by a new one.</summary>
    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FollowInOneSessionAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (CoordinationException failure)
            {
                StorefrontLog.CampaignsUnwatched(_log, failure.Message);
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowInOneSessionAsync(CancellationToken cancellation)
    {
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(_coordination, _loggers, cancellation: cancellation);
        var configuration = new WatchedConfiguration<CampaignList>(client, Path, Readable);
        if ((await configuration.ReadAsync(cancellation)).Version is null)
        {
            await configuration.SetAsync(new CampaignList(_initial.Campaigns), cancellation);
        }

        await foreach (Configured<CampaignList> found in configuration.WatchAsync(cancellation))
        {
            _campaigns.Use(found.Value, found.Fault?.Message);
            _firstRead.TrySetResult();
        }
    }
}
