using CsCheck;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Partitions;
using Freshet.Broker.Tests.Groups.Consumers;
using Freshet.Broker.Tests.Partitions;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Time passes only for groups that are awake: none that needs it may be left out, and none may stay awake for nothing.</summary>
public class AwakeGroupsTests
{
    private enum Act
    {
        JoinByNewId,
        JoinWithGivenId,
        JoinAtOnce,
        JoinAsStatic,
        JoinAsConsumer,
        LeaveAsConsumer,
        LeaveAsClassic,
        Commit,
        Delete,
        Wait,
        LoseDisk,
        FindDisk,
        Restart,
    }

    [Fact]
    public Task Every_group_that_is_not_at_rest_is_awake_and_in_the_end_none_is() =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 2]).Array[0, 60].SampleAsync(
            async acts =>
            {
                await using var world = new World();
                foreach ((Act act, int number) in acts)
                {
                    await world.DoAsync(act, $"g{number}");
                    world.NoneIsMissed();
                }

                await world.DoAsync(Act.FindDisk, "");
                world.Pass(TimeSpan.FromMinutes(5));
                world.AllRest();
            },
            iter: 200);

    /// <summary>The coordinator of three groups, over a disk that can be taken away.</summary>
    private sealed class World : IAsyncDisposable
    {
        private static readonly ClusterView Whole = TestCluster.Of((Topic.ConsumerOffsets, 1), ("t", 5));
        private readonly TemporaryFolder _folder = new();
        private readonly FakeTimeProvider _time = new();
        private readonly PartitionRegistry _partitions;
        private readonly Dictionary<string, string> _classic = [];
        private readonly Dictionary<string, string> _consumers = [];
        private ClusterView _view = Whole;
        private GroupCoordinator _groups;

        public World()
        {
            _partitions = TestPartitions.Open(_folder.Path);
            _partitions.GetOrCreate(Topic.ConsumerOffsets, 0, TestPartitions.TopicId);
            _groups = Start();
        }

        public async Task DoAsync(Act act, string group)
        {
            switch (act)
            {
                case Act.JoinByNewId:
                    Join(group, "", null, 9);
                    break;
                case Act.JoinWithGivenId when _classic.TryGetValue(group, out string? id):
                    Join(group, id, null, 9);
                    break;
                case Act.JoinAtOnce:
                    Join(group, "", null, 3);
                    break;
                case Act.JoinAsStatic:
                    Join(group, "", "s", 9);
                    break;
                case Act.JoinAsConsumer:
                    await BeatAsync(group, _consumers[group] = $"{Guid.NewGuid()}", 0);
                    break;
                case Act.LeaveAsConsumer when _consumers.TryGetValue(group, out string? consumer):
                    await BeatAsync(group, consumer, ConsumerGroupHeartbeatRequest.Leave);
                    break;
                case Act.LeaveAsClassic when _classic.TryGetValue(group, out string? member):
                    await _groups.Classic.LeaveAsync(new LeaveGroupRequest(group, [new LeavingMember(member, null)]));
                    break;
                case Act.Commit:
                    await _groups.Commits.CommitAsync(new OffsetCommitRequest(group, -1, "", null, []), 8, [new OffsetRecord(group, "t", 0, null)], []);
                    break;
                case Act.Delete:
                    await _groups.DeleteAsync(group, CancellationToken.None);
                    break;
                case Act.Wait:
                    Pass(TimeSpan.FromSeconds(4));
                    break;
                case Act.LoseDisk or Act.FindDisk:
                    _view = act == Act.FindDisk ? Whole : ClusterView.Empty;
                    break;
                case Act.Restart when _view == Whole:
                    await _groups.DisposeAsync();
                    _groups = Start();
                    break;
            }
        }

        public void Pass(TimeSpan time)
        {
            // In steps: within one, all ticks see its end.
            for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        public void NoneIsMissed()
        {
            HashSet<Group> awake = [.. _groups.Awake];
            Assert.All(_groups.All, group => Assert.True(group.IsAtRest || awake.Contains(group), $"{group.Id} is missed."));
        }

        public void AllRest()
        {
            Assert.All(_groups.All, group => Assert.True(group.IsAtRest, $"{group.Id} is {group.StateName} for ever."));
            Assert.Empty(_groups.Awake);
        }

        public async ValueTask DisposeAsync()
        {
            await _groups.DisposeAsync();
            await _partitions.DisposeAsync();
            _folder.Dispose();
        }

        private GroupCoordinator Start()
        {
            var options = new BrokerOptions { DataDirectory = _folder.Path };
            var log = new GroupLog(() => _view, _partitions, 1, _time, NullLogger.Instance);
            var groups = new GroupCoordinator(options, new GroupSettings(options), log, _time, NullLogger.Instance);
            groups.Start();
            return groups;
        }

        /// <summary>Joins, without waiting for the others of the group.</summary>
        private void Join(string group, string id, string? instance, short version)
        {
            var request = new JoinGroupRequest(group, 10_000, 10_000, id, instance, "consumer", [new JoinGroupProtocol("range", new byte[] { 0, 1, 0, 0, 0, 0, 255, 255, 255, 255 })]);
            Task<JoinGroupResponse> joining = _groups.Classic.JoinAsync(request, version, "c", "/h", CancellationToken.None).AsTask();
            if (joining.IsCompletedSuccessfully)
            {
                _classic[group] = joining.Result.MemberId;
            }
        }

        private async Task BeatAsync(string group, string member, int epoch) => await _groups.Consumers.HeartbeatAsync(
            new ConsumerGroupHeartbeatRequest(group, member, epoch, null, null, 10_000, ["t"], null, null, []), "c", "/h", Whole, _ => true);
    }
}
