using Freshet.Broker.Fetching;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Fetching;

/// <summary>How many sessions there are and which make way.</summary>
public class FetchSessionCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerOptions _options = new() { DataDirectory = "", MaxFetchSessions = 2, MaxFetchSessionPartitions = 10 };

    [Fact]
    public void A_full_cache_gives_no_session_until_one_is_idle()
    {
        var sessions = new FetchSessions(_options, _time);
        int first = Begin(sessions, 1);
        int second = Begin(sessions, 1);
        Assert.Equal(0, Begin(sessions, 5));
        _time.Advance(_options.FetchSessionIdle);
        Assert.Equal(ErrorCode.None, sessions.Plan(Request(second, 1, 0), namesTopicsById: false).Error);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(0, Begin(sessions, 1));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, sessions.Plan(Request(first, 1, 0), namesTopicsById: false).Error);
        Assert.Equal(ErrorCode.None, sessions.Plan(Request(second, 2, 0), namesTopicsById: false).Error);
    }

    [Fact]
    public void An_old_session_that_is_in_use_makes_way_for_a_larger_one_only()
    {
        var sessions = new FetchSessions(_options, _time);
        int small = Begin(sessions, 1);
        int large = Begin(sessions, 3);
        _time.Advance(_options.FetchSessionIdle + TimeSpan.FromSeconds(1));
        sessions.Plan(Request(small, 1, 0), namesTopicsById: false);
        sessions.Plan(Request(large, 1, 0), namesTopicsById: false);
        Assert.Equal(0, Begin(sessions, 1));
        Assert.NotEqual(0, Begin(sessions, 2));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, sessions.Plan(Request(small, 2, 0), namesTopicsById: false).Error);
        Assert.Equal(ErrorCode.None, sessions.Plan(Request(large, 2, 0), namesTopicsById: false).Error);
    }

    [Fact]
    public void Partitions_are_bounded_over_all_sessions()
    {
        var sessions = new FetchSessions(_options, _time);
        Assert.Equal(0, Begin(sessions, 11));
        int session = Begin(sessions, 6);
        Assert.Equal(0, Begin(sessions, 5));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, sessions.Plan(Request(session, 1, 11), namesTopicsById: false).Error);
        Assert.Equal(0, sessions.Count);
        Assert.NotEqual(0, Begin(sessions, 10));
    }

    private static int Begin(FetchSessions sessions, int partitions) =>
        sessions.Plan(Request(0, 0, partitions), namesTopicsById: false).Plan.Session?.Id ?? 0;

    private static FetchRequest Request(int session, int epoch, int partitions) => new(
        0, 1, 1, false, session, epoch,
        [new FetchRequest.Topic("t", Guid.Empty, [.. Enumerable.Range(0, partitions).Select(index => new FetchRequest.Partition(index, -1, 0, -1, 1))])], []);
}
