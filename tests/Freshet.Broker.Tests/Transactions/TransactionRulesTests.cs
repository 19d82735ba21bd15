using CsCheck;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Transactions;

/// <summary>The life of a transactional id, step by step.</summary>
public class TransactionRulesTests
{
    private const int Timeout = 60_000;
    private static readonly TransactionPartition[] Partitions = [new("t", 0), new("t", 1), new("__consumer_offsets", 7)];

    [Fact]
    public void A_new_id_begins_with_epoch_0_and_a_second_producer_takes_it_over()
    {
        Transaction first = TransactionRules.Init(null, "id", Timeout, null, 77, 1).Next!;
        Assert.Equal((77L, (short)0, TransactionStatus.Empty), (first.ProducerId, first.Epoch, first.Status));
        Transaction second = TransactionRules.Init(first, "id", Timeout, null, -1, 2).Next!;
        Assert.Equal((77L, (short)1), (second.ProducerId, second.Epoch));
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.AddPartitions(second, new(77, 0), Partitions, 3).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.AddPartitions(second, new(78, 1), Partitions, 3).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.AddPartitions(null, new(78, 1), Partitions, 3).Error);
    }

    [Fact]
    public void A_producer_that_goes_on_after_an_error_is_known_by_its_epoch_and_may_ask_twice()
    {
        Transaction first = TransactionRules.Init(null, "id", Timeout, null, 77, 1).Next!;
        Transaction second = TransactionRules.Init(first, "id", Timeout, new(77, 0), -1, 2).Next!;
        Assert.Equal(1, second.Epoch);
        Assert.Equal(TransactionStep.Done, TransactionRules.Init(second, "id", Timeout, new(77, 0), -1, 3));
        Transaction third = TransactionRules.Init(second, "id", Timeout, new(77, 1), -1, 4).Next!;
        Assert.Equal(2, third.Epoch);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.Init(third, "id", Timeout, new(77, 0), -1, 5).Error);
        Transaction other = TransactionRules.Init(third, "id", Timeout, null, -1, 6).Next!;
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.Init(other, "id", Timeout, new(77, 2), -1, 7).Error);
    }

    [Fact]
    public void Epochs_that_are_used_up_bring_a_new_producer_id()
    {
        var last = new Transaction("id", 77, Transaction.LastEpochGiven, Timeout);
        Transaction next = TransactionRules.Init(last, "id", Timeout, null, 99, 1).Next!;
        Assert.Equal((99L, (short)0, 77L), (next.ProducerId, next.Epoch, next.PreviousProducerId));

        Transaction open = TransactionRules.AddPartitions(last, new(77, Transaction.LastEpochGiven), Partitions, 2).Next!;
        Transaction ending = TransactionRules.EndAndAdvance(open, new(77, Transaction.LastEpochGiven), true, 99, 3).Next!;
        Assert.Equal((77L, short.MaxValue), (ending.ProducerId, ending.Epoch));
        Transaction ended = TransactionRules.Complete(ending, 4);
        Assert.Equal((99L, (short)0, TransactionStatus.CompleteCommit), (ended.ProducerId, ended.Epoch, ended.Status));
        Assert.Equal(TransactionStep.Done, TransactionRules.EndAndAdvance(ended, new(77, Transaction.LastEpochGiven), true, -1, 5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_transaction_is_decided_once(bool commit)
    {
        Transaction open = Open();
        Transaction ending = TransactionRules.End(open, new(77, 0), commit, 3).Next!;
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.End(ending, new(77, 0), commit, 4).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.End(ending, new(77, 0), !commit, 4).Error);
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.AddPartitions(ending, new(77, 0), Partitions, 4).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.CheckAppend(ending, new(77, 0), Partitions[0]));
        Transaction ended = TransactionRules.Complete(ending, 5);
        Assert.Equal(commit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort, ended.Status);
        Assert.Equal(TransactionStep.Done, TransactionRules.End(ended, new(77, 0), commit, 6));
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.End(ended, new(77, 0), !commit, 6).Error);
    }

    [Fact]
    public void Only_partitions_of_the_open_transaction_are_written_to()
    {
        Transaction open = Open();
        Assert.Equal(ErrorCode.None, TransactionRules.CheckAppend(open, new(77, 0), Partitions[0]));
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.CheckAppend(open, new(77, 0), new("t", 5)));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, TransactionRules.CheckAppend(open, new(77, 1), Partitions[0]));
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.CheckAppend(open, new(1, 0), Partitions[0]));
        Assert.Equal(TransactionStep.Done, TransactionRules.AddPartitions(open, new(77, 0), [Partitions[1]], 9));
    }

    [Fact]
    public void Time_out_fences_the_producer()
    {
        Transaction open = Open();
        Assert.False(open.HasTimedOut(2 + Timeout));
        Assert.True(open.HasTimedOut(3 + Timeout));
        Transaction fenced = TransactionRules.Fence(open, 9);
        Assert.Equal(((short)1, TransactionStatus.PrepareAbort), (fenced.Epoch, fenced.Status));
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.End(TransactionRules.Complete(fenced, 10), new(77, 0), true, 11).Error);
    }

    [Fact]
    public void A_producer_with_an_epoch_for_each_transaction_may_abort_one_that_was_never_opened_and_ask_again()
    {
        Transaction empty = TransactionRules.Init(null, "id", Timeout, null, 77, 1).Next!;
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.EndAndAdvance(empty, new(77, 0), true, -1, 2).Error);
        Transaction aborted = TransactionRules.Complete(TransactionRules.EndAndAdvance(empty, new(77, 0), false, -1, 2).Next!, 3);
        Assert.Equal(((short)1, TransactionStatus.CompleteAbort), (aborted.Epoch, aborted.Status));
        Assert.Equal(TransactionStep.Done, TransactionRules.EndAndAdvance(aborted, new(77, 0), false, -1, 4));
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.EndAndAdvance(aborted, new(77, 0), true, -1, 4).Error);
        Assert.Equal(2, TransactionRules.EndAndAdvance(aborted, new(77, 1), false, -1, 5).Next!.Epoch);
    }

    /// <summary>Whatever requests come, and whenever the state is read back from disk: epochs never go back, and a decision stays.</summary>
    [Fact]
    public void Any_requests_in_any_order_keep_the_promises()
    {
        Gen<int[]> requests = Gen.Int[0, 99].Array[1, 60];
        requests.Sample(numbers =>
        {
            Transaction? state = null;
            for (int at = 0; at < numbers.Length; at++)
            {
                Transaction? before = state;
                state = Apply(state, numbers[at], at) ?? state;
                Check(before, state);
                if (state is not null && numbers[at] % 7 == 0)
                {
                    TransactionRecord stored = TransactionRecord.Read(new TransactionRecord("id", state).Key(), new TransactionRecord("id", state).Value())!;
                    Assert.Equal(state.Partitions.Order(Comparer<TransactionPartition>.Create(Compare)), stored.State!.Partitions.Order(Comparer<TransactionPartition>.Create(Compare)));
                    Assert.Equal(state with { Partitions = [], PreviousEpoch = -1 }, stored.State with { Partitions = [] });
                    state = stored.State;
                }
            }
        });
    }

    private static int Compare(TransactionPartition left, TransactionPartition right) =>
        string.CompareOrdinal($"{left.Topic}-{left.Partition}", $"{right.Topic}-{right.Partition}");

    private static Transaction? Apply(Transaction? state, int number, int now)
    {
        ProducerIdentity current = state is null ? new(1, 0) : new(state.ProducerId, (short)Math.Max(state.Epoch - (number % 3 == 0 ? 1 : 0), 0));
        long fresh = (state?.ProducerId ?? 0) + 1;
        return (number % 6) switch
        {
            0 => TransactionRules.Init(state, "id", Timeout, number > 50 ? current : null, fresh, now).Next,
            1 or 2 => TransactionRules.AddPartitions(state, current, [Partitions[number % 3]], now).Next,
            3 => TransactionRules.End(state, current, number > 50, now).Next,
            4 => TransactionRules.EndAndAdvance(state, current, number > 50, fresh, now).Next,
            _ when state is { IsEnding: true } => TransactionRules.Complete(state, now),
            _ when state is { Status: TransactionStatus.Ongoing } && number > 50 => TransactionRules.Fence(state, now),
            _ => null,
        };
    }

    private static void Check(Transaction? before, Transaction? after)
    {
        if (before is null || after is null)
        {
            return;
        }

        Assert.True((after.ProducerId, after.Epoch).CompareTo((before.ProducerId, before.Epoch)) >= 0, $"{before} became {after}");
        if (before.IsEnding && after != before)
        {
            Assert.Equal(before.Status == TransactionStatus.PrepareCommit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort, after.Status);
        }

        if (after.IsEnding && !before.IsEnding)
        {
            Assert.True(after.Partitions.SetEquals(before.Partitions), "a transaction ends where it wrote");
        }
    }

    private static Transaction Open() =>
        TransactionRules.AddPartitions(TransactionRules.Init(null, "id", Timeout, null, 77, 1).Next, new(77, 0), Partitions, 2).Next!;
}
