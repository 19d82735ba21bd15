using Freshet.Coordination.Client.Recipes;
using Microsoft.Extensions.Configuration;

namespace Freshet.Coordination.Client.Tests;

/// <summary>The samples of docs/recipes.md, word for word; <see cref="RecipeSamplesTests"/> compares and runs them.</summary>
internal static class RecipeSamples
{
    public static async Task LockAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: lock
        var stockLock = new CoordinationLock(client, "/locks/stock");
        await using (Ownership owned = await stockLock.AcquireAsync(cancellation))
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, owned.Lost);
            await store.WriteAsync("stock=5", owned.FencingToken, both.Token);   // the store refuses a token smaller than one it has seen
        }
        // end
    }

    public static async Task ElectionAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: election
        var election = new LeaderElection(client, "/elections/billing");
        await using Ownership leading = await election.CampaignAsync("http://10.0.0.5:8080", cancellation);
        await store.WriteAsync("billed", leading.FencingToken, leading.Lost);
        // end
    }

    public static async Task ReadWriteLockAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: read-write lock
        var pricesLock = new CoordinationReadWriteLock(client, "/locks/prices");
        await using (Ownership reading = await pricesLock.AcquireReadAsync(cancellation))
        {
            await store.ReadAsync(reading.Lost);
        }

        await using (Ownership writing = await pricesLock.AcquireWriteAsync(cancellation))
        {
            await store.WriteAsync("price=9", writing.FencingToken, writing.Lost);
        }
        // end
    }

    public static async Task SemaphoreAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: semaphore
        var exports = new CoordinationSemaphore(client, "/limits/exports", leases: 3);
        await using Ownership lease = await exports.AcquireAsync(cancellation);
        await store.ReadAsync(lease.Lost);
        // end
    }

    public static async Task BarrierAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: barrier
        var maintenance = new CoordinationBarrier(client, "/barriers/maintenance");
        await maintenance.CloseAsync(cancellation);   // in the tool that does the maintenance
        await maintenance.OpenAsync(cancellation);    // and when it is done
        await maintenance.WaitAsync(cancellation);    // in every worker, before each job
        // end
    }

    public static async Task DoubleBarrierAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: double barrier
        var steps = new CoordinationDoubleBarrier(client, "/barriers/steps", participants: 1);
        for (int step = 0; step < 3; step++)
        {
            await using Participation participation = await steps.EnterAsync(cancellation);
            await store.ReadAsync(cancellation);
            await participation.LeaveAsync(cancellation);
        }
        // end
    }

    public static async Task GroupAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: group
        var workers = new CoordinationGroup(client, "/groups/workers");
        await using Membership member = await workers.JoinAsync("10.0.0.5"u8.ToArray(), cancellation);
        await foreach (GroupChange change in workers.WatchAsync(cancellation))
        {
            if (change.Members.Any(other => other.Id == member.Id))
            {
                break;   // we are in; a real program would share out its work here, again after each change
            }
        }
        // end
    }

    public static async Task<string> DirectoryAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: service directory
        var services = new ServiceDirectory(client, "/services");
        await using Membership registration = await services.RegisterAsync("shop", new ServiceInstance("http://10.0.0.5:8080"), cancellation);
        IReadOnlyList<ServiceInstance> instances = await services.ResolveAsync("shop", cancellation);
        string address = instances[Random.Shared.Next(instances.Count)].Address;
        // end
        return address;
    }

    public static async Task QueueAsync(CoordinationClient client, Store store, CancellationToken cancellation)
    {
        // sample: queue
        var mails = new CoordinationQueue(client, "/queues/mails");
        await mails.EnqueueAsync("to: ann"u8.ToArray(), cancellation);
        await using QueueItem item = await mails.DequeueAsync(cancellation);
        await store.SendAsync(item.Path, item.Data, item.Lost);   // may see the same path twice
        await item.CompleteAsync(cancellation);
        // end
    }

    public static async Task<long> CounterAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: counter
        await using var orders = new SharedCounter(client, "/counters/orders");
        long soFar = await orders.AddAsync(1, cancellation);
        // end
        return soFar;
    }

    public static async Task<long> IdsAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: ids
        await using var ids = new UniqueIds(client, "/ids/orders", blockSize: 1000);
        long id = await ids.NextAsync(cancellation);
        // end
        return id;
    }

    public static async Task WatchedConfigurationAsync(CoordinationClient client, CancellationToken cancellation)
    {
        // sample: watched configuration
        var limits = new WatchedConfiguration<Limits>(client, "/config/limits");
        await limits.UpdateAsync(before => new Limits((before?.Orders ?? 0) + 10), cancellation);
        await foreach (Configured<Limits> now in limits.WatchAsync(cancellation))
        {
            if (now.Value is { Orders: >= 10 })
            {
                break;
            }
        }
        // end
    }

    public static string? ConfigurationProvider(string servers)
    {
        // sample: configuration provider
        IConfigurationRoot configuration = new ConfigurationBuilder().AddCoordination(servers, "/config/shop", optional: true).Build();
        string? currency = configuration["Prices:Currency"];
        // end
        ((IDisposable)configuration).Dispose();
        return currency;
    }

    internal sealed record Limits(int Orders);

    /// <summary>Stands for whatever a recipe guards.</summary>
    internal sealed class Store
    {
        private long _newest;

        public Task WriteAsync(string value, long fencingToken, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            Assert.NotEmpty(value);
            Assert.True(fencingToken >= _newest);
            _newest = fencingToken;
            return Task.CompletedTask;
        }

        public Task ReadAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }

        public Task SendAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellation)
        {
            Assert.StartsWith("/queues/mails/items/", path, StringComparison.Ordinal);
            Assert.False(data.IsEmpty);
            return ReadAsync(cancellation);
        }
    }
}
