namespace Freshet.Broker;

/// <summary>What the numbers among a broker's options may be, told in words that name the option.</summary>
internal static class BrokerOptionsRules
{
    // The longest that a timer takes; whoever wants "never" may say so with it.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static void Check(BrokerOptions options)
    {
        NotBelow(0, options.BrokerId, nameof(options.BrokerId));
        NotBelow(0, options.MaxConnections, nameof(options.MaxConnections));
        NotBelow(0, options.MaxConnectionsPerAddress, nameof(options.MaxConnectionsPerAddress));
        NotBelow(0, options.MaxFetchSessions, nameof(options.MaxFetchSessions));
        NotBelow(0, options.MaxFetchSessionPartitions, nameof(options.MaxFetchSessionPartitions));
        NotBelow(0, options.MaxOffsetMetadataBytes, nameof(options.MaxOffsetMetadataBytes));
        NotBelow(1, options.MaxDecompressedBatchBytes, nameof(options.MaxDecompressedBatchBytes));
        NotBelow(1, options.CompactionMapBytes, nameof(options.CompactionMapBytes));
        NotBelow(1, options.CompactionBytesPerSecond ?? 1, nameof(options.CompactionBytesPerSecond));
        NotBelow(1, options.MaxPartitionsPerTopic, nameof(options.MaxPartitionsPerTopic));
        NotBelow(1, options.DefaultPartitions, nameof(options.DefaultPartitions));
        NotBelow(1, options.OffsetsPartitions, nameof(options.OffsetsPartitions));
        NotBelow(1, options.TransactionPartitions, nameof(options.TransactionPartitions));
        NotBelow(1, options.MaxProduceRequestBytes, nameof(options.MaxProduceRequestBytes));
        NotBelow(1, options.MaxRequestBytes, nameof(options.MaxRequestBytes));
        NotBelow(1, options.MaxFetchBytes, nameof(options.MaxFetchBytes));
        NotBelow(1, options.MaxFetchAheadBytes, nameof(options.MaxFetchAheadBytes));
        NotBelow(1, options.MaxDescribedPartitions, nameof(options.MaxDescribedPartitions));
        NotBelow(1, options.MaxGroupMembers, nameof(options.MaxGroupMembers));
        NotBelow(1, options.MaxClientTelemetryBytes, nameof(options.MaxClientTelemetryBytes));
        CheckIntervals(options);
        if (options.ClientTelemetryEndpoint is { } collector && (!collector.IsAbsoluteUri || (collector.Scheme != Uri.UriSchemeHttp && collector.Scheme != Uri.UriSchemeHttps)))
        {
            throw new ArgumentException($"{nameof(options.ClientTelemetryEndpoint)} of the broker is an address such as http://127.0.0.1:4318, not '{collector}'.", nameof(options));
        }
    }

    private static void CheckIntervals(BrokerOptions options)
    {
        Interval(options.RetentionCheckInterval, nameof(options.RetentionCheckInterval));
        Interval(options.CompactionInterval, nameof(options.CompactionInterval));
        Interval(options.OffsetsRetentionCheckInterval, nameof(options.OffsetsRetentionCheckInterval));
        Interval(options.TransactionSweepInterval, nameof(options.TransactionSweepInterval));
        Interval(options.MaxConnectionIdle, nameof(options.MaxConnectionIdle));
        Interval(options.GroupConsumerHeartbeatInterval, nameof(options.GroupConsumerHeartbeatInterval));
        Interval(options.GroupConsumerSessionTimeout, nameof(options.GroupConsumerSessionTimeout));
        NotBelow(0, options.GroupInitialRebalanceDelay.Ticks, nameof(options.GroupInitialRebalanceDelay));
    }

    private static void NotBelow(long least, long value, string option)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} of the broker is at least {least}.");
        }
    }

    private static void Interval(TimeSpan value, string option)
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} of the broker is longer than nothing and at most {Longest.TotalDays:0} days.");
        }
    }
}
