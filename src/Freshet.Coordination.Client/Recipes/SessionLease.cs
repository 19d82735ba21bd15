namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Tells when what an ephemeral znode stands for can no longer be relied on. The session may expire one session timeout after
/// the server last heard from this client. A dead connection is noticed within two thirds of it; so a third later, without a
/// new connection, nothing is certain any more.
/// </summary>
internal sealed class SessionLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CoordinationClient _client;
    private readonly Task _following;

    public SessionLease(CoordinationClient client)
    {
        _client = client;
        _following = FollowAsync(_stop.Token);
    }

    /// <summary>Cancelled when the session is over or may be.</summary>
    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        IAsyncEnumerator<ConnectionState> states = _client.StatesAsync(end.Token).GetAsyncEnumerator(end.Token);
        await using (states.ConfigureAwait(false))
        {
            Task<bool> next = states.MoveNextAsync().AsTask();
            try
            {
                while (await next.ConfigureAwait(false) && !states.Current.IsFinal())
                {
                    bool connected = states.Current == ConnectionState.Connected;
                    next = states.MoveNextAsync().AsTask();
                    if (!connected && !await ChangesInTimeAsync(next, cancellation).ConfigureAwait(false))
                    {
                        break;
                    }
                }
            }
            finally
            {
                // An enumerator must not be disposed while it is moving.
                await end.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await _lost.CancelAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> ChangesInTimeAsync(Task<bool> next, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(_client.SessionTimeout / 3, _client.Time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
