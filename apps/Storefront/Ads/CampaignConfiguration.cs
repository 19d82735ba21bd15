using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Storefront.Hosting;

namespace Storefront.Ads;

/// <summary>
/// Keeps a <see cref="CampaignBook"/> equal to the znode <see cref="Path"/>. Whoever changes the znode, with any ZooKeeper
/// client, changes the ads on the page.
/// </summary>
internal sealed class CampaignConfiguration : IAsyncDisposable
{
    public const string Path = "/storefront/campaigns";

    private readonly CancellationTokenSource _stop = new();
    private readonly CoordinationClientOptions _coordination;
    private readonly CampaignBook _campaigns;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _following = Task.CompletedTask;

    private CampaignConfiguration(string connectString, CampaignBook campaigns, ILoggerFactory loggers)
    {
        _coordination = new CoordinationClientOptions { ConnectString = connectString };
        _campaigns = campaigns;
        _loggers = loggers;
        _log = loggers.CreateLogger<CampaignConfiguration>();
    }

    /// <summary>Writes <paramref name="initial"/> unless there are campaigns already, and returns once the book holds what the znode says.</summary>
    public static async Task<CampaignConfiguration> StartAsync(
        string connectString, CampaignBook campaigns, AdCampaigns initial, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var configuration = new CampaignConfiguration(connectString, campaigns, loggers);
        CoordinationClient client = await CoordinationClient.ConnectAsync(configuration._coordination, loggers, cancellation: cancellation);
        await CreateUnlessThereAsync(client, "/storefront", default, cancellation);
        await CreateUnlessThereAsync(client, Path, AdCampaignsFormat.Write(initial), cancellation);
        configuration._following = configuration.FollowAsync(client);
        await configuration._firstRead.Task.WaitAsync(cancellation);
        return configuration;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private static async Task CreateUnlessThereAsync(CoordinationClient client, string path, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        try
        {
            await client.CreateAsync(path, data, cancellation: cancellation);
        }
        catch (CoordinationException known) when (known.Error == ErrorCode.NodeExists)
        {
        }
    }

    /// <summary>A session that expires, for example after a long sleep of the machine, is replaced by a new one.</summary>
    private async Task FollowAsync(CoordinationClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using (client)
                {
                    await foreach (ZnodeData? znode in client.WatchDataAsync(Path, _stop.Token))
                    {
                        _campaigns.Use(znode?.Data);
                        _firstRead.TrySetResult();
                    }
                }

                client = await CoordinationClient.ConnectAsync(_coordination, _loggers, cancellation: _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (CoordinationException failure)
            {
                StorefrontLog.CampaignsUnwatched(_log, failure.Message);
            }
        }
    }
}
