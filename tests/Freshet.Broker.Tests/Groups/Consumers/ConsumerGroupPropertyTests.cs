using CsCheck;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Storage;
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
        private readonly List<GroupRecord> _stored = [];
        private ClusterView _view = TestCluster.Of(("t", 5));
        private GroupChanges _changes = new();
        private ConsumerGroup _group;
        private int _joined;
        private bool _wasLoaded;

        public World() => _group = new ConsumerGroup("g", _options, _time, _changes);

        public void Do(Act act, int number)
        {
            Client? client = _clients.GetValueOrDefault(number);
            switch (act)
            {
                case Act.Join when client is null:
                    _clients[number] = new Client($"{number}-{_joined++}", isTerse: number % 2 == 1);
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
            // Long enough for the sessions of the dead (45 seconds). A group that was loaded does not know what its members have said, and may
            // have to wait for a rebalance timeout (60 seconds) too.
            for (int round = 0; round < (_wasLoaded ? 8 : 2); round++)
            {
                Pass(TimeSpan.FromSeconds(25));
                BeatAll();
            }

            for (int round = 0; round < 30; round++)
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
            if (lose)
            {
                client.HeardNothing();
            }
            else
            {
                client.Heard(response);
            }
        }

        private ConsumerGroupHeartbeatResponse Send(ConsumerGroupHeartbeatRequest request)
        {
            ConsumerGroupHeartbeatResponse response = _group.Heartbeats.Take(request, "c", "/h", _view);
            _stored.AddRange(_changes.Take());
            return response;
        }

        private void Pass(TimeSpan time)
        {
            _time.Advance(time);
            _group.Tick();
            _stored.AddRange(_changes.Take());
        }

        private void Reload()
        {
            _wasLoaded = true;
            _changes = new GroupChanges();
            _group = new ConsumerGroup("g", _options, _time, _changes);
            _stored.ForEach(record => _group.Apply((ConsumerGroupRecord)GroupRecord.Read(record.Key(), record.Value())!));
        }
    }

    /// <summary>
    /// One client. One that is not terse says everything in each heartbeat and takes each assignment at once. A terse one is like librdkafka:
    /// it takes an assignment a heartbeat later, overlooks one that is what it has, and says only what has changed.
    /// </summary>
    private sealed class Client(string id, bool isTerse)
    {
        private int _epoch;
        private bool _saysAll = true;
        private bool _saysOwned;
        private HashSet<(Guid TopicId, int Partition)>? _next;

        public string Id { get; } = id;

        public HashSet<(Guid TopicId, int Partition)> Owned { get; } = [];

        public ConsumerGroupHeartbeatRequest Request() => _saysAll || !isTerse ? Everything()
            : Everything() with { RebalanceTimeoutMs = -1, SubscribedTopicNames = null, TopicPartitions = _saysOwned ? Everything().TopicPartitions : null };

        private ConsumerGroupHeartbeatRequest Everything() => new(
            "g", Id, _epoch, null, null, 60_000, ["t"], null, null, [.. Owned.GroupBy(partition => partition.TopicId).Select(topic =>
                new TopicIdPartitions(topic.Key, [.. topic.Select(partition => partition.Partition)]))]);

        public void HeardNothing() => _saysAll = true;

        public void Heard(ConsumerGroupHeartbeatResponse response)
        {
            if (response.Error is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch)
            {
                Owned.Clear();
                (_epoch, _next, _saysAll) = (0, null, true);
                return;
            }

            Assert.Equal(ErrorCode.None, response.Error);
            _epoch = response.MemberEpoch;
            (_saysAll, _saysOwned) = (false, false);
            if (isTerse && response.Assignment is null && _next is not null)
            {
                Take(_next);
                _next = null;
            }

            if (response.Assignment is { } assignment)
            {
                HashSet<(Guid TopicId, int Partition)> told = [.. assignment.SelectMany(topic => topic.Partitions.Select(partition => (topic.TopicId, partition)))];
                if (isTerse)
                {
                    _next = told.SetEquals(Owned) ? null : told;
                }
                else
                {
                    Take(told);
                }
            }
        }

        private void Take(HashSet<(Guid TopicId, int Partition)> told)
        {
            Owned.Clear();
            Owned.UnionWith(told);
            _saysOwned = true;
        }
    }
}
