using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Members of the group "g" that live at the moment, in order of their age.</summary>
internal sealed class Crowd(string bootstrapServers) : IAsyncDisposable
{
    private readonly List<Member> _members = [];

    /// <summary>What any member has processed so far.</summary>
    public ConcurrentDictionary<string, bool> Processed { get; } = new();

    public int Count => _members.Count;

    /// <summary>Settings under which a crowd lives quickly.</summary>
    public static void Configure(BrokerOptions broker)
    {
        broker.GroupMinSessionTimeout = TimeSpan.FromSeconds(1);
        broker.GroupConsumerSessionTimeout = TimeSpan.FromSeconds(5);
        broker.GroupConsumerHeartbeatInterval = TimeSpan.FromMilliseconds(100);
    }

    public void Add(GroupProtocol protocol, PartitionAssignmentStrategy? strategy) => _members.Add(new Member(Processed, bootstrapServers, protocol, strategy));

    /// <summary>Ends a member.</summary>
    /// <param name="says">Whether it leaves the group; otherwise it dies without a word.</param>
    public async Task RemoveAsync(int index, bool says)
    {
        Member leaving = _members[index];
        _members.RemoveAt(index);
        await leaving.StopAsync(says);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_members.Select(member => member.StopAsync(says: true)));
        _members.Clear();
    }

    /// <summary>Processes records, then commits them; records that were processed but not committed are processed again by another.</summary>
    private sealed class Member
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;
        private bool _says;

        public Member(ConcurrentDictionary<string, bool> processed, string bootstrapServers, GroupProtocol protocol, PartitionAssignmentStrategy? strategy) =>
            _running = Task.Factory.StartNew(() => Run(processed, bootstrapServers, protocol, strategy), TaskCreationOptions.LongRunning);

        public async Task StopAsync(bool says)
        {
            _says = says;
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }

        private void Run(ConcurrentDictionary<string, bool> processed, string bootstrapServers, GroupProtocol protocol, PartitionAssignmentStrategy? strategy)
        {
            IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = "g",
                GroupProtocol = protocol,
                PartitionAssignmentStrategy = protocol == GroupProtocol.Classic ? strategy : null,
                SessionTimeoutMs = protocol == GroupProtocol.Classic ? 5000 : null,
                HeartbeatIntervalMs = protocol == GroupProtocol.Classic ? 100 : null,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoCommit = false,
                EnableAutoOffsetStore = false,
                ReconnectBackoffMaxMs = 200,
            }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            consumer.Subscribe("t");
            int uncommitted = 0;
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    if (consumer.Consume(20) is { } record)
                    {
                        processed[record.Message.Value] = true;
                        consumer.StoreOffset(record);
                        uncommitted++;
                    }

                    if (uncommitted >= 20)
                    {
                        uncommitted = 0;
                        consumer.Commit();
                    }
                }
                catch (KafkaException)
                {
                    // A rebalance took the partition away: whoever has it now reads the records again.
                }
            }

            if (_says)
            {
                consumer.Close();
            }

            // Not waited for: now and then librdkafka's destruction of a consumer in the middle of a rebalance never ends. Its group has
            // gone on without it by then.
            _ = Task.Factory.StartNew(consumer.Dispose, TaskCreationOptions.LongRunning);
        }
    }
}
