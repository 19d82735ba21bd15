using System.Text;
using CsCheck;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Tests;

public class WatchRegistryTests
{
    [Theory]
    [InlineData(WatchEventType.NodeCreated, true, true, false)]
    [InlineData(WatchEventType.NodeDataChanged, true, true, false)]
    [InlineData(WatchEventType.NodeDeleted, true, true, true)]
    [InlineData(WatchEventType.NodeChildrenChanged, false, false, true)]
    public void An_event_fires_the_watches_it_is_for_once(WatchEventType type, bool data, bool exist, bool child)
    {
        var registry = new WatchRegistry();
        ZnodeWatch[] watches = [new(), new(), new()];
        registry.Add(WatchKind.Data, "/a", watches[0]);
        registry.Add(WatchKind.Exist, "/a", watches[1]);
        registry.Add(WatchKind.Child, "/a", watches[2]);
        registry.Fire(new WatchEvent(type, KeeperState.SyncConnected, "/b"), "/b");
        Assert.DoesNotContain(watches, watch => watch.Fired.IsCompleted);
        registry.Fire(new WatchEvent(type, KeeperState.SyncConnected, "/a"), "/a");
        Assert.Equal([data, exist, child], watches.Select(watch => watch.Fired.IsCompleted));
        Assert.Equal(watches.Count(watch => !watch.Fired.IsCompleted), Paths(registry).Count);
    }

    [Fact]
    public void A_disposed_watch_is_forgotten()
    {
        var registry = new WatchRegistry();
        ZnodeWatch kept = new(), forgotten = new();
        registry.Add(WatchKind.Data, "/a", kept);
        registry.Add(WatchKind.Data, "/a", forgotten);
        registry.Add(WatchKind.Child, "/a", forgotten);
        forgotten.Dispose();
        Assert.Equal(["/a"], Paths(registry));
        kept.Dispose();
        Assert.Empty(Paths(registry));
    }

    [Fact]
    public async Task Watches_fail_with_the_session()
    {
        var registry = new WatchRegistry();
        ZnodeWatch before = new(), after = new();
        registry.Add(WatchKind.Data, "/a", before);
        registry.Close(ErrorCode.SessionExpired);
        registry.Add(WatchKind.Data, "/a", after);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<CoordinationException>(() => before.Fired)).Error);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<CoordinationException>(() => after.Fired)).Error);
    }

    [Fact]
    public void Batches_hold_every_watch_once_and_fit_a_frame() =>
        Gen.Select(Gen.Int[1, 60_000], Gen.Enum<WatchKind>()).Array[0, 40].Sample(entries =>
        {
            var registry = new WatchRegistry();
            foreach (((int length, WatchKind kind), int number) in entries.Select((entry, number) => (entry, number)))
            {
                Watch(registry, kind, $"/{number}-{new string('p', length)}");
            }

            Assert.Equal(entries.Length, Paths(registry).Distinct().Count());
            Assert.All(registry.Batches(), batch => Assert.InRange(batch.Sum(kind => kind.Sum(Encoding.UTF8.GetByteCount)), 1, 128 * 1024));
        });

    private static void Watch(WatchRegistry registry, WatchKind kind, string path)
    {
        if (kind is WatchKind.Persistent or WatchKind.Recursive)
        {
            registry.Persistent.Add(kind, path, new PersistentWatch(path), () => { });
        }
        else
        {
            registry.Add(kind, path, new ZnodeWatch());
        }
    }

    private static List<string> Paths(WatchRegistry registry) => [.. registry.Batches().SelectMany(batch => batch.SelectMany(paths => paths))];
}
