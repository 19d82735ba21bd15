using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Migration;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Groups and offsets as they are stored.</summary>
public class GroupRecordTests
{
    [Theory]
    [InlineData("test", 48)]
    [InlineData("g", 3)]
    [InlineData("my-group", 12)]
    [InlineData("console-consumer-1", 24)]
    public void A_group_is_kept_in_the_partition_that_Kafka_chooses(string group, int partition) => Assert.Equal(partition, JavaHash.PartitionOf(group, 50));

    [Fact]
    public void An_offset_survives()
    {
        var record = new OffsetRecord("g", "t", 3, new CommittedOffset(42, 7, "note", 1_700_000_000_000));
        Assert.Equal(record, GroupRecord.Read(record.Key(), record.Value()));
    }

    [Fact]
    public void A_deleted_offset_has_no_value()
    {
        var record = new OffsetRecord("g", "t", 3, null);
        Assert.Null(record.Value());
        Assert.Equal(record, GroupRecord.Read(record.Key(), null));
    }

    [Fact]
    public void A_group_survives()
    {
        var record = new MembershipRecord("g", new Membership("consumer", 5, "range", "m", 9, [new MembershipMember("m", "i", "c", "/h", 60_000, 10_000, [1], [2])]));
        var read = Assert.IsType<MembershipRecord>(GroupRecord.Read(record.Key(), record.Value()));
        Assert.Equal(record.Membership! with { Members = [] }, read.Membership! with { Members = [] });
        MembershipMember member = Assert.Single(read.Membership.Members);
        Assert.Equal(("m", "i", "c", "/h", 60_000, 10_000), (member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.RebalanceTimeoutMs, member.SessionTimeoutMs));
        Assert.Equal([1], member.Metadata);
        Assert.Equal([2], member.Assignment);
    }

    [Fact]
    public void A_member_of_the_classic_protocol_in_a_consumer_group_is_stored_as_Kafka_stores_it()
    {
        // Stored by Apache Kafka 4.3.1: its console consumer of the classic protocol, after one of the consumer protocol had joined.
        const string Value =
            "0000000011636f6e736f6c652d636f6e73756d65720b2f3132372e302e302e3102027401000493e000010056010000afc8030672616e67"
            + "6518000300000001000174ffffffff00000000ffffffffffff0013636f6f70657261746976652d737469636b791c000300000001000174"
            + "00000004ffffffff00000000ffffffffffff0000";
        byte[] key = new SubscriptionRecord("g", "m", null).Key();
        var read = Assert.IsType<SubscriptionRecord>(GroupRecord.Read(key, Convert.FromHexString(Value)));
        ClassicMembership classic = read.Subscription!.Classic!;
        Assert.Equal((45_000, 300_000, "t"), (classic.SessionTimeoutMs, read.Subscription.RebalanceTimeoutMs, Assert.Single(read.Subscription.TopicNames)));
        Assert.Equal(["range", "cooperative-sticky"], classic.Protocols.Select(protocol => protocol.Name));
        Assert.Equal(["t"], EmbeddedSubscription.TryRead(classic.Favourite.Metadata)!.Topics);

        // Kafka stores an empty pattern where there is none.
        Assert.Equal(Value, Convert.ToHexStringLower((read with { Subscription = read.Subscription with { TopicRegex = "" } }).Value()!));
    }
}
