using Freshet.Protocol.Kafka;

namespace Freshet.Protocol.Tests.Kafka;

/// <summary>Numbers that are the protocol's and never change.</summary>
public class NumberTests
{
    [Fact]
    public void Api_keys_have_the_protocols_numbers() => Assert.Equal(
        "Produce=0 Fetch=1 ListOffsets=2 Metadata=3 OffsetCommit=8 OffsetFetch=9 FindCoordinator=10 JoinGroup=11 Heartbeat=12 "
        + "LeaveGroup=13 SyncGroup=14 DescribeGroups=15 ListGroups=16 SaslHandshake=17 ApiVersions=18 CreateTopics=19 "
        + "DeleteTopics=20 DeleteRecords=21 InitProducerId=22 OffsetForLeaderEpoch=23 AddPartitionsToTxn=24 AddOffsetsToTxn=25 "
        + "EndTxn=26 WriteTxnMarkers=27 TxnOffsetCommit=28 DescribeAcls=29 CreateAcls=30 DeleteAcls=31 DescribeConfigs=32 "
        + "AlterConfigs=33 AlterReplicaLogDirs=34 DescribeLogDirs=35 SaslAuthenticate=36 CreatePartitions=37 CreateDelegationToken=38 "
        + "RenewDelegationToken=39 ExpireDelegationToken=40 DescribeDelegationToken=41 DeleteGroups=42 ElectLeaders=43 "
        + "IncrementalAlterConfigs=44 AlterPartitionReassignments=45 ListPartitionReassignments=46 "
        + "OffsetDelete=47 DescribeClientQuotas=48 AlterClientQuotas=49 DescribeUserScramCredentials=50 "
        + "AlterUserScramCredentials=51 UpdateFeatures=57 DescribeCluster=60 DescribeProducers=61 UnregisterBroker=64 "
        + "DescribeTransactions=65 ListTransactions=66 "
        + "ConsumerGroupHeartbeat=68 ConsumerGroupDescribe=69 GetTelemetrySubscriptions=71 PushTelemetry=72 ListConfigResources=74 "
        + "DescribeTopicPartitions=75",
        string.Join(' ', Enum.GetValues<ApiKey>().Select(key => $"{key}={(short)key}")));

    [Theory]
    [InlineData(ErrorCode.UnknownServerError, -1)]
    [InlineData(ErrorCode.OffsetOutOfRange, 1)]
    [InlineData(ErrorCode.UnknownTopicOrPartition, 3)]
    [InlineData(ErrorCode.NotLeaderOrFollower, 6)]
    [InlineData(ErrorCode.CoordinatorNotAvailable, 15)]
    [InlineData(ErrorCode.NotCoordinator, 16)]
    [InlineData(ErrorCode.IllegalGeneration, 22)]
    [InlineData(ErrorCode.InconsistentGroupProtocol, 23)]
    [InlineData(ErrorCode.UnknownMemberId, 25)]
    [InlineData(ErrorCode.InvalidSessionTimeout, 26)]
    [InlineData(ErrorCode.RebalanceInProgress, 27)]
    [InlineData(ErrorCode.UnsupportedVersion, 35)]
    [InlineData(ErrorCode.TopicAlreadyExists, 36)]
    [InlineData(ErrorCode.InvalidRequest, 42)]
    [InlineData(ErrorCode.NonEmptyGroup, 68)]
    [InlineData(ErrorCode.MemberIdRequired, 79)]
    [InlineData(ErrorCode.FencedInstanceId, 82)]
    [InlineData(ErrorCode.UnknownTopicId, 100)]
    [InlineData(ErrorCode.ProducerFenced, 90)]
    [InlineData(ErrorCode.FencedMemberEpoch, 110)]
    [InlineData(ErrorCode.MismatchedEndpointType, 114)]
    [InlineData(ErrorCode.RebootstrapRequired, 129)]
    public void Error_codes_have_the_protocols_numbers(ErrorCode error, short number) => Assert.Equal(number, (short)error);
}
