using Freshet.Broker.Groups;

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
}
