using System.Runtime.CompilerServices;
using System.Text.Json;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>A typed value in a znode, as JSON, that programs follow while others change it. Thread-safe.</summary>
/// <param name="client">The session to read and write with.</param>
/// <param name="path">The value's znode; its parents are created when a value is first set.</param>
/// <param name="json">How the value is written; the defaults of the web (camel case, case ignored when reading) when left out.</param>
public sealed class WatchedConfiguration<T>(CoordinationClient client, string path, JsonSerializerOptions? json = null)
    where T : class
{
    private readonly JsonSerializerOptions _json = json ?? JsonSerializerOptions.Web;

    /// <summary>The value now and after each change; changes faster than the reader are merged. Never ends by itself; lost connections are survived.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async IAsyncEnumerable<Configured<T>> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        T? lastGood = null;
        await foreach (ZnodeData? data in client.WatchDataAsync(path, cancellation).ConfigureAwait(false))
        {
            Configured<T> configured = Read(data, lastGood);
            lastGood = configured.Value;
            yield return configured;
        }
    }

    /// <summary>The value now, as the server at hand knows it.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Configured<T>> ReadAsync(CancellationToken cancellation = default) =>
        Read(await ZnodeOrNull.ReadAsync(client, path, cancellation).ConfigureAwait(false), lastGood: null);

    /// <summary>Sets the value, whatever it was before.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask SetAsync(T value, CancellationToken cancellation = default) =>
        await UntilAnswered.RepeatAsync(client, () => UpdateAsync(_ => value, cancellation), cancellation).ConfigureAwait(false);

    /// <summary>Changes the value without losing a change that someone else makes meanwhile: <paramref name="change"/> is called again then.</summary>
    /// <param name="change">Makes the new value from the one there; from null when there is none or it is no valid JSON.</param>
    /// <returns>The value set.</returns>
    /// <exception cref="CoordinationException">
    /// The session is over, or the service refused. <see cref="ErrorCode.ConnectionLoss"/>: whether the change took effect is unknown; read before repeating it.
    /// </exception>
    public async ValueTask<T> UpdateAsync(Func<T?, T> change, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            Configured<T> before = await ReadAsync(cancellation).ConfigureAwait(false);
            T value = change(before.Value);
            if (await TryWriteAsync(value, before.Version, cancellation).ConfigureAwait(false))
            {
                return value;
            }
        }
    }

    private async ValueTask<bool> TryWriteAsync(T value, int? version, CancellationToken cancellation)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, _json);
        try
        {
            if (version is int expected)
            {
                await client.SetDataAsync(path, bytes, expected, cancellation).ConfigureAwait(false);
            }
            else
            {
                await CreateParentAsync(cancellation).ConfigureAwait(false);
                await client.CreateAsync(path, bytes, cancellation: cancellation).ConfigureAwait(false);
            }

            return true;
        }
        catch (CoordinationException overtaken) when (overtaken.Error is ErrorCode.BadVersion or ErrorCode.NodeExists or ErrorCode.NoNode)
        {
            return false;
        }
    }

    private async ValueTask CreateParentAsync(CancellationToken cancellation)
    {
        int end = path.LastIndexOf('/');
        if (end > 0)
        {
            await client.CreatePathAsync(path[..end], cancellation).ConfigureAwait(false);
        }
    }

    private Configured<T> Read(ZnodeData? data, T? lastGood)
    {
        try
        {
            T? value = data?.Data is { Length: > 0 } bytes ? JsonSerializer.Deserialize<T>(bytes, _json) : null;
            return new Configured<T>(value, data?.Stat.Version, null);
        }
        catch (JsonException fault)
        {
            return new Configured<T>(lastGood, data?.Stat.Version, fault);
        }
    }
}

/// <summary>What a configuration znode says.</summary>
/// <param name="Value">The value; null when there is none. With a <paramref name="Fault"/>, the last good one this reader saw.</param>
/// <param name="Version">The znode's data version; null when it does not exist.</param>
/// <param name="Fault">Why the newest bytes are no value, for a log; null when they are.</param>
public sealed record Configured<T>(T? Value, int? Version, JsonException? Fault);
