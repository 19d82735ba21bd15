using Confluent.Kafka;

namespace Freshet.Faults.Copier;

/// <summary>
/// Copies numbered records from one topic to another in transactions of random size that it randomly aborts, with the group's
/// offsets in the same transactions. It is a process of its own, so that it can be killed at any moment, and says each step it takes.
/// </summary>
internal sealed class CopyingClient
{
    private const string From = "numbers";
    private const string To = "copies";
    private const string Name = "copier";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Without MetadataRecoveryStrategy.None, librdkafka 2.16 forgets its only broker when that is down for a moment, and then waits
    // for ever for an answer of the one it forgot.
    private readonly IConsumer<Null, byte[]> _consumer;
    private readonly IProducer<Null, byte[]> _producer;
    private readonly Random _chance;
    private readonly long[] _next;
    private readonly long _total;

    public CopyingClient(string address, int partitions, long total, int seed)
    {
        _total = total;
        _chance = new Random(seed);
        _consumer = new ConsumerBuilder<Null, byte[]>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = Name,
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            MetadataRecoveryStrategy = MetadataRecoveryStrategy.None,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = address,
            TransactionalId = Name,
            LingerMs = 1,
            BatchNumMessages = 50,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            MetadataRecoveryStrategy = MetadataRecoveryStrategy.None,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _next = new long[partitions];
    }

    /// <summary>Copies until all is copied.</summary>
    public void Run()
    {
        _producer.InitTransactions(Patience);
        Say("begun");
        ReadPositions();
        while (_next.Any(next => next < _total))
        {
            _producer.BeginTransaction();
            long[] after = Copy(_chance.Next(1, 400));
            Say("copied");
            _producer.SendOffsetsToTransaction([.. after.Select((next, partition) => new TopicPartitionOffset(Place(partition), next))], _consumer.ConsumerGroupMetadata, Patience);
            Say("offsets");
            End(after, commit: _chance.Next(4) > 0);
        }

        Say("done");
    }

    private void End(long[] after, bool commit)
    {
        try
        {
            if (commit)
            {
                _producer.CommitTransaction(Patience);
                after.CopyTo(_next, 0);
                Say("committed");
                return;
            }
        }
        catch (KafkaTxnRequiresAbortException)
        {
            // The broker was killed with requests under way that cannot be sent again.
        }

        _producer.AbortTransaction(Patience);
        Say("aborted");
        AssignNext();
    }

    /// <summary>Where the last transaction that committed ended, whoever ran it.</summary>
    private void ReadPositions()
    {
        foreach (TopicPartitionOffset committed in _consumer.Committed(_next.Select((_, partition) => Place(partition)), Patience))
        {
            _next[committed.Partition] = Math.Max(committed.Offset.Value, 0);
        }

        AssignNext();
    }

    private void AssignNext() => _consumer.Assign(_next.Select((next, partition) => new TopicPartitionOffset(Place(partition), next)));

    private long[] Copy(int records)
    {
        long[] after = [.. _next];
        while (records-- > 0 && after.Any(next => next < _total))
        {
            ConsumeResult<Null, byte[]> record = _consumer.Consume(Patience) ?? throw new TimeoutException("There is nothing to copy.");
            Send(record);
            after[record.Partition] = record.Offset.Value + 1;
        }

        return after;
    }

    private void Send(ConsumeResult<Null, byte[]> record) =>
        _producer.Produce(new TopicPartition(To, record.Partition), new Message<Null, byte[]> { Value = record.Message.Value });

    private static TopicPartition Place(int partition) => new(From, partition);

    private static void Say(string step)
    {
        Console.Out.WriteLine(step);
        Console.Out.Flush();
    }
}
