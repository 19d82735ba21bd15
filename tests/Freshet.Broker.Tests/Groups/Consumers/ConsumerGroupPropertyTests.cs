using CsCheck;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups.Consumers;

/// <summary>Whatever members do, no partition is owned twice, and in the end every partition is owned.</summary>
public class ConsumerGroupPropertyTests
{
    private const int Members = 6;

    private enum Act
    {
        Join,
        Beat,
        BeatOften,
        Leave,
        Forget,
        LoseAnswer,
        Wait,
        Grow,
        Reload,
    }

    [Fact]
    public void No_partition_is_owned_twice_and_none_is_left_over() =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Members - 1]).Array[0, 120].Sample(acts =>
        {
            var world = new World();
            foreach ((Act act, int member) in acts)
            {
                world.Do(act, member);
                world.OwnedOnce();
            }

            world.Settle();
        });

    /// <summary>Clients as they behave, and the group.</summary>
    private sealed class World
    {
        private readonly FakeTimeProvider _time = new();
        private readonly BrokerOptions _options = new() { DataDirectory = "unused" };
        private readonly Dictionary<int, Client> _clients = [];
        private readonly List<Broker.Groups.GroupRecord> _stored = [];
        private ClusterView _view = TestCluster.Of(("t", 5));
        private ConsumerGroup _group;
        private int _joined;

        public World() => _group = new ConsumerGroup("g", _options, _time);

        public void Do(Act act, int number)
        {
            Client? client = _clients.GetValueOrDefault(number);
            switch (act)
            {
                case Act.Join when client is null:
                    _clients[number] = new Client($"{number}-{_joined++}");
                    Beat(_clients[number], lose: false);
                    break;
                case Act.Beat or Act.LoseAnswer when client is not null:
                    Beat(client, lose: act == Act.LoseAnswer);
                    break;
                case Act.BeatOften:
                    BeatAll();
                    break;
                case Act.Leave when client is not null:
                    _clients.Remove(number);
                    Send(client.Request() with { MemberEpoch = ConsumerGroupHeartbeatRequest.Leave });
                    break;
                case Act.Forget:
                    _clients.Remove(number); // Its process dies.
                    break;
                case Act.Wait:
                    Pass(TimeSpan.FromSeconds(20));
                    break;
                case Act.Grow when _view.Find("t")!.PartitionCount < 12:
                    _view = _view.WithTopic("t", _view.Find("t")!.PartitionCount + 1);
                    break;
                case Act.Reload:
                    Reload();
                    break;
            }
        }

        /// <summary>A client drops its partitions when it is told that it is none any more, before it does anything else; so does one that was silent for too long.</summary>
        public void OwnedOnce()
        {
            (Guid TopicId, int Partition)[] owned = [.. _clients.Values.Where(client => _group.Members.Find(client.Id) is not null).SelectMany(client => client.Owned)];
            Assert.Equal(owned.Length, owned.Distinct().Count());
        }

        public void Settle()
        {
            for (int round = 0; round < 6; round++)
            {
                Pass(TimeSpan.FromSeconds(40));
                BeatAll();
            }

            for (int round = 0; round < 6; round++)
            {
                BeatAll();
                OwnedOnce();
            }

            Assert.Equal(_clients.Count == 0 ? ConsumerGroupState.Empty : ConsumerGroupState.Stable, _group.State);
            Assert.Equal(_clients.Count == 0 ? 0 : _view.Find("t")!.PartitionCount, _clients.Values.Sum(client => client.Owned.Count));
        }

        private void BeatAll()
        {
            foreach (Client client in _clients.Values)
            {
                Beat(client, lose: false);
            }
        }

        private void Beat(Client client, bool lose)
        {
            ConsumerGroupHeartbeatResponse response = Send(client.Request());
            if (!lose)
            {
                client.Heard(response);
            }
        }

        private ConsumerGroupHeartbeatResponse Send(ConsumerGroupHeartbeatRequest request)
        {
            ConsumerGroupHeartbeatResponse response = _group.Heartbeat(request, "c", "/h", _view);
            _stored.AddRange(_group.TakeChanges());
            return response;
        }

        private void Pass(TimeSpan time)
        {
            _time.Advance(time);
            _group.Tick();
            _stored.AddRange(_group.TakeChanges());
        }

        private void Reload()
        {
            _group = new ConsumerGroup("g", _options, _time);
            _stored.ForEach(record => _group.Apply((ConsumerGroupRecord)Broker.Groups.GroupRecord.Read(record.Key(), record.Value())!));
        }
    }

    /// <summary>One client; it always says everything, as clients do after a lost answer.</summary>
    private sealed class Client(string id)
    {
        private int _epoch;

        public string Id { get; } = id;

        public HashSet<(Guid TopicId, int Partition)> Owned { get; } = [];

        public ConsumerGroupHeartbeatRequest Request() => new(
            "g", Id, _epoch, null, null, 60_000, ["t"], null, null, [.. Owned.GroupBy(partition => partition.TopicId).Select(topic =>
                new TopicIdPartitions(topic.Key, [.. topic.Select(partition => partition.Partition)]))]);

        public void Heard(ConsumerGroupHeartbeatResponse response)
        {
            if (response.Error is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch)
            {
                Owned.Clear();
                _epoch = 0;
                return;
            }

            Assert.Equal(ErrorCode.None, response.Error);
            _epoch = response.MemberEpoch;
            if (response.Assignment is { } assignment)
            {
                Owned.Clear();
                Owned.UnionWith(assignment.SelectMany(topic => topic.Partitions.Select(partition => (topic.TopicId, partition))));
            }
        }
    }
}
