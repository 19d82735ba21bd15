using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Freshet.Coordination.Client.Configuration;

/// <summary>Holds the keys of a znode's JSON document and follows it: through lost connections, and with a new session when one ends.</summary>
internal sealed class CoordinationConfigurationProvider(CoordinationConfigurationSource source) : ConfigurationProvider, IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Exception?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task? _following;
    private volatile Exception? _lastFault;

    /// <summary>Waits for the first document. Later calls find the newest one there already.</summary>
    /// <exception cref="InvalidOperationException">The znode does not exist, and the source is not optional.</exception>
    /// <exception cref="FormatException">Its data is no JSON object.</exception>
    /// <exception cref="TimeoutException">No server answered in time, and the source is not optional.</exception>
    /// <exception cref="CoordinationException">The service refused.</exception>
    /// <exception cref="ArgumentException">The connect string or the path is not valid.</exception>
    public override void Load()
    {
        lock (_gate)
        {
            _following ??= Task.Run(() => FollowAsync(_stop.Token));
        }

        // The interface is synchronous. Nothing that completes this task needs the thread that is blocked here.
        Exception? fault = _first.Task.Wait(source.LoadTimeout)
            ? _first.Task.Result
            : new TimeoutException($"No configuration from {source.Client.ConnectString}{source.Path} within {source.LoadTimeout.TotalSeconds} s.", _lastFault);
        if (fault is not null && !(source.Optional && fault is TimeoutException))
        {
            Dispose();
            throw fault;
        }
    }

    public void Dispose() => _ = _stop.CancelAsync();

    private async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                CoordinationClient client = await CoordinationClient.ConnectAsync(source.Client, cancellation: cancellation).ConfigureAwait(false);
                await using (client.ConfigureAwait(false))
                {
                    await foreach (ZnodeData? document in client.WatchDataAsync(source.Path, cancellation).ConfigureAwait(false))
                    {
                        Take(document);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ArgumentException wrong)
            {
                Report(wrong, isFinal: true); // the connect string or the path; it will not get better
                return;
            }
            catch (CoordinationException ended)
            {
                // Nobody answers, or the session is over. Anything else a program that starts should hear of.
                Report(ended, isFinal: !ended.IsTransient && ended.Error != Protocol.Jute.ErrorCode.SessionExpired);
                await Task.Delay(Retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(ZnodeData? document)
    {
        try
        {
            if (document is null && !source.Optional)
            {
                Report(new InvalidOperationException($"The configuration znode {source.Path} does not exist; create it, or make the source optional."), isFinal: true);
                return;
            }

            Data = JsonKeys.Read(document?.Data);
            Tell();
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            Report(new FormatException($"The configuration znode {source.Path} holds no JSON object: {fault.Message}", fault), isFinal: true);
        }
        catch (AggregateException fault)
        {
            // Somebody who heard of the change threw; that must not end the following.
            Report(fault, isFinal: false);
        }
    }

    /// <summary>Tells listeners, and only then the first load: whoever listens after that load does not hear of its document.</summary>
    private void Tell()
    {
        try
        {
            OnReload();
        }
        finally
        {
            _first.TrySetResult(null);
        }
    }

    /// <param name="isFinal">Whether the first load should end with this, if it still waits.</param>
    private void Report(Exception fault, bool isFinal)
    {
        _lastFault = fault;
        if (!isFinal || !_first.TrySetResult(fault))
        {
            source.OnFault?.Invoke(fault);
        }
    }
}
