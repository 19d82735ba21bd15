using System.Diagnostics;
using Freshet.Node;
using Freshet.Streams;
using Storefront.Invoices;
using Storefront.Retail;

namespace Storefront.Jobs;

/// <summary>How a job reads its invoice log.</summary>
internal enum JobInput
{
    /// <summary>The log is written to a topic; then the topology reads it as bounded input and ends by itself.</summary>
    Topic,

    /// <summary>The log is replayed into a topic while the topology runs, as in the shop; the job ends when the topology has caught up.</summary>
    Live,

    /// <summary>The topology reads the file itself as bounded input, without a broker, and ends by itself.</summary>
    File,
}

/// <summary>What a job does.</summary>
/// <param name="File">The invoice log.</param>
/// <param name="DataFolder">Folder of the broker's data and of the checkpoints. A job that was killed goes on from there.</param>
/// <param name="Input">How the log is read.</param>
/// <param name="Speed">Seconds of the log that are replayed in one second; null is as fast as it goes.</param>
internal sealed record JobSettings(string File, string DataFolder, JobInput Input, double? Speed = null);

/// <summary>What a job came to.</summary>
/// <param name="View">The results.</param>
/// <param name="Rows">Rows read from the log; 0 when the topology read the file itself.</param>
/// <param name="Rejected">Rows that could not be understood.</param>
/// <param name="Writing">Time to write the log to the topic.</param>
/// <param name="Processing">Time the topology took; for live input both happen at once.</param>
internal sealed record JobResult(RetailView View, long Rows, RejectedRows Rejected, TimeSpan Writing, TimeSpan Processing);

/// <summary>Runs the retail topology over a whole invoice log, with a node of its own in this process.</summary>
/// <param name="settings">What to do.</param>
/// <param name="progress">Told now and then how many rows are written and how many sale lines are counted.</param>
internal sealed class RetailJob(JobSettings settings, Action<long, long>? progress = null)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(50);

    private string Checkpoints => Path.Combine(settings.DataFolder, $"checkpoints-{settings.Input.ToString().ToLowerInvariant()}");

    /// <summary>Runs the job to its end.</summary>
    public async Task<JobResult> RunAsync(CancellationToken cancellation)
    {
        if (settings.Input == JobInput.File)
        {
            return await RunOverFileAsync(cancellation).ConfigureAwait(false);
        }

        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { DataDirectory = Path.Combine(settings.DataFolder, "node") }, cancellation: cancellation).ConfigureAwait(false);
        return settings.Input == JobInput.Live
            ? await RunLiveAsync(node.BootstrapServers!, cancellation).ConfigureAwait(false)
            : await RunOverTopicAsync(node.BootstrapServers!, cancellation).ConfigureAwait(false);
    }

    private async Task<JobResult> RunOverTopicAsync(string bootstrapServers, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await using InvoiceReplay replay = InvoiceReplay.Start(
            await InvoiceTopic.OpenAsync(bootstrapServers).ConfigureAwait(false), settings.File, settings.Speed);
        await WatchAsync(replay.Completion, () => (replay.Rows, 0), cancellation).ConfigureAwait(false);
        TimeSpan writing = Stopwatch.GetElapsedTime(started);

        started = Stopwatch.GetTimestamp();
        await using RetailAnalytics analytics = await RetailAnalytics.StartAsync(bootstrapServers, Checkpoints, isBounded: true).ConfigureAwait(false);
        await WatchAsync(analytics.Run.Completion, () => (replay.Rows, analytics.View.SaleLines), cancellation).ConfigureAwait(false);
        return new JobResult(analytics.View, replay.Rows, replay.Rejected, writing, Stopwatch.GetElapsedTime(started));
    }

    private async Task<JobResult> RunLiveAsync(string bootstrapServers, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await using RetailAnalytics analytics = await RetailAnalytics.StartAsync(bootstrapServers, Checkpoints).ConfigureAwait(false);
        await using InvoiceReplay replay = InvoiceReplay.Start(analytics.Topic, settings.File, settings.Speed);
        await WatchAsync(replay.Completion, () => (replay.Rows, analytics.View.SaleLines), cancellation).ConfigureAwait(false);
        TimeSpan writing = Stopwatch.GetElapsedTime(started);
        await WatchAsync(analytics.CaughtUpAsync(cancellation), () => (replay.Rows, analytics.View.SaleLines), cancellation).ConfigureAwait(false);
        return new JobResult(analytics.View, replay.Rows, replay.Rejected, writing, Stopwatch.GetElapsedTime(started));
    }

    private async Task<JobResult> RunOverFileAsync(CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        var view = new RetailView();
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(
            RetailTopology.Build(() => new InvoiceLogSpout(settings.File), view, idleAfter: null),
            new RunOptions { CheckpointDirectory = Checkpoints, CheckpointInterval = TimeSpan.FromSeconds(5) });
        await WatchAsync(run.Completion, () => (0, view.SaleLines), cancellation).ConfigureAwait(false);
        return new JobResult(view, 0, new RejectedRows(), TimeSpan.Zero, Stopwatch.GetElapsedTime(started));
    }

    private async Task WatchAsync(Task work, Func<(long Written, long Counted)> look, CancellationToken cancellation)
    {
        while (!work.IsCompleted)
        {
            cancellation.ThrowIfCancellationRequested();
            (long written, long counted) = look();
            progress?.Invoke(written, counted);
            await Task.WhenAny(work, Task.Delay(ProgressEvery, cancellation)).ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
    }
}
