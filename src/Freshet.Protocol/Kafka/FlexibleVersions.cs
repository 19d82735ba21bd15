namespace Freshet.Protocol.Kafka;

/// <summary>From which version on an API uses compact lengths and tagged fields (Kafka protocol, flexible versions).</summary>
public static class FlexibleVersions
{
    /// <summary>Whether messages of this API and version, and their request header, are flexible.</summary>
    public static bool Contains(ApiKey key, short version) => version >= First(key);

    /// <summary>ApiVersions answers keep the old header in every version: the client does not know yet what the broker speaks.</summary>
    public static bool HasFlexibleResponseHeader(ApiKey key, short version) => key != ApiKey.ApiVersions && Contains(key, version);

    private static short First(ApiKey key) => key switch
    {
        ApiKey.Produce => 9,
        ApiKey.Fetch => 12,
        ApiKey.ListOffsets => 6,
        ApiKey.Metadata => 9,
        ApiKey.OffsetCommit => 8,
        ApiKey.OffsetFetch => 6,
        ApiKey.FindCoordinator => 3,
        ApiKey.JoinGroup => 6,
        ApiKey.Heartbeat => 4,
        ApiKey.LeaveGroup => 4,
        ApiKey.SyncGroup => 4,
        ApiKey.DescribeGroups => 5,
        ApiKey.ListGroups => 3,
        ApiKey.ApiVersions => 3,
        ApiKey.CreateTopics => 5,
        ApiKey.DeleteTopics => 4,
        ApiKey.DeleteRecords => 2,
        ApiKey.InitProducerId => 2,
        ApiKey.OffsetForLeaderEpoch => 4,
        ApiKey.AddPartitionsToTxn => 3,
        ApiKey.AddOffsetsToTxn => 3,
        ApiKey.EndTxn => 3,
        ApiKey.WriteTxnMarkers => 1,
        ApiKey.TxnOffsetCommit => 3,
        ApiKey.DescribeAcls => 2,
        ApiKey.CreateAcls => 2,
        ApiKey.DeleteAcls => 2,
        ApiKey.DescribeConfigs => 4,
        ApiKey.AlterConfigs => 2,
        ApiKey.AlterReplicaLogDirs => 2,
        ApiKey.DescribeLogDirs => 2,
        ApiKey.SaslAuthenticate => 2,
        ApiKey.CreatePartitions => 2,
        ApiKey.CreateDelegationToken => 2,
        ApiKey.RenewDelegationToken => 2,
        ApiKey.ExpireDelegationToken => 2,
        ApiKey.DescribeDelegationToken => 2,
        ApiKey.DeleteGroups => 2,
        ApiKey.ElectLeaders => 2,
        ApiKey.IncrementalAlterConfigs => 1,
        ApiKey.AlterPartitionReassignments => 0,
        ApiKey.ListPartitionReassignments => 0,
        ApiKey.DescribeClientQuotas => 1,
        ApiKey.AlterClientQuotas => 1,
        ApiKey.DescribeUserScramCredentials => 0,
        ApiKey.AlterUserScramCredentials => 0,
        ApiKey.UpdateFeatures => 0,
        ApiKey.DescribeCluster => 0,
        ApiKey.DescribeProducers => 0,
        ApiKey.UnregisterBroker => 0,
        ApiKey.DescribeTransactions => 0,
        ApiKey.ListTransactions => 0,
        ApiKey.ConsumerGroupHeartbeat => 0,
        ApiKey.ConsumerGroupDescribe => 0,
        ApiKey.GetTelemetrySubscriptions => 0,
        ApiKey.PushTelemetry => 0,
        ApiKey.ListConfigResources => 0,
        ApiKey.DescribeTopicPartitions => 0,
        _ => short.MaxValue,
    };
}
