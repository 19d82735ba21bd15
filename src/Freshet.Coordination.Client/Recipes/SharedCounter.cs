using System.Globalization;
using System.Text;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A 64-bit number that many add to. Each addition counts exactly once, also when the connection is lost before the server's
/// answer comes; only when the session ends in that moment is the outcome unknown. Thread-safe; additions of one instance wait for each other.
/// </summary>
/// <param name="client">The session to read and write with.</param>
/// <param name="path">The counter's znode, its value as decimal digits; created with 0 when missing.</param>
public sealed class SharedCounter(CoordinationClient client, string path) : IAsyncDisposable
{
    // One addition at a time, because the mark tells of the last one only.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private QueuePlace? _mark;
    private int _additions;

    /// <summary>The value now, as the server at hand knows it; 0 when nobody has added yet.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    /// <exception cref="FormatException">The znode holds no number.</exception>
    public async ValueTask<long> GetAsync(CancellationToken cancellation = default) =>
        await ZnodeOrNull.ReadAsync(client, path, cancellation).ConfigureAwait(false) is { } data ? Parse(data) : 0;

    /// <summary>Adds, and returns the value after it. Cancelling before the change was sent changes nothing; after that it may have counted.</summary>
    /// <param name="delta">What to add; negative to subtract.</param>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    /// <exception cref="OverflowException">The value would leave the range of 64 bits; nothing was added.</exception>
    /// <exception cref="FormatException">The znode holds no number.</exception>
    public async ValueTask<long> AddAsync(long delta, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _mark ??= await QueuePlace.JoinAsync(client, path, default, cancellation).ConfigureAwait(false);
            while (true)
            {
                ZnodeData before = await UntilAnswered.RepeatAsync(client, () => client.GetDataAsync(path, null, cancellation), cancellation).ConfigureAwait(false);
                long after = checked(Parse(before) + delta);
                if (await TrySetAsync(_mark, after, before.Stat.Version, cancellation).ConfigureAwait(false))
                {
                    return after;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes what this instance left beside the counter. The value stays.</summary>
    public ValueTask DisposeAsync() => _mark?.LeaveAsync() ?? ValueTask.CompletedTask;

    private static long Parse(ZnodeData data) =>
        data.Data is { Length: > 0 } digits ? long.Parse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;

    private static byte[] Digits(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets value and mark in one step, so that the mark tells afterwards whether the step happened.</summary>
    private async ValueTask<bool> TrySetAsync(QueuePlace mark, long value, int version, CancellationToken cancellation)
    {
        byte[] addition = Digits(++_additions);
        try
        {
            await client.CommitAsync(
                new CoordinationTransaction().SetData(path, Digits(value), version).SetData(mark.Znode.Path, addition), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException overtaken) when (overtaken.Error == ErrorCode.BadVersion)
        {
            return false;
        }
        catch (CoordinationException lost) when (lost.IsTransient)
        {
            await UntilAnswered.RepeatAsync(client, () => client.SyncAsync(mark.Znode.Path, cancellation), cancellation).ConfigureAwait(false);
            ZnodeData marked = await UntilAnswered.RepeatAsync(client, () => client.GetDataAsync(mark.Znode.Path, null, cancellation), cancellation).ConfigureAwait(false);
            return addition.AsSpan().SequenceEqual(marked.Data);
        }
    }
}
