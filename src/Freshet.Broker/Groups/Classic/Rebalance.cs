using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>Brings a group from one generation to the next: waits for the members, then starts the generation.</summary>
internal sealed class Rebalance(Group group, BrokerOptions options, TimeProvider time)
{
    private TimeSpan _end;
    private TimeSpan _latestStart;
    private bool _isFirst;

    /// <summary>Asks all members to join again.</summary>
    public void Prepare()
    {
        foreach (GroupMember member in group.Members.All)
        {
            member.Synced(SyncGroupResponse.Refused(ErrorCode.RebalanceInProgress));
        }

        _isFirst = group.State == GroupState.Empty;
        group.State = GroupState.PreparingRebalance;
        TimeSpan now = Now;
        _latestStart = now + LongestRebalance();
        _end = _isFirst ? now + options.GroupInitialRebalanceDelay : _latestStart;
    }

    /// <summary>A member joined during the rebalance: the first one of a group waits on while members arrive.</summary>
    public void MemberArrived()
    {
        if (_isFirst)
        {
            TimeSpan wait = Now + options.GroupInitialRebalanceDelay;
            _end = wait < _latestStart ? wait : _latestStart;
        }
    }

    /// <summary>Starts the generation if nobody is missing.</summary>
    public void TryComplete()
    {
        if (group.State != GroupState.PreparingRebalance)
        {
            return;
        }

        bool waits = _isFirst && Now < _end && !group.Members.IsEmpty;
        if (!waits && group.Members.AllJoined && (!group.Members.HasPending || _isFirst))
        {
            Complete();
        }
    }

    public void Tick(TimeSpan now)
    {
        if (group.State == GroupState.PreparingRebalance && now >= _end)
        {
            Complete();
        }
        else if (group.State == GroupState.CompletingRebalance && now >= _end)
        {
            RemoveThoseWithoutSync();
        }
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private void Complete()
    {
        // Static members keep their place until their session ends, so that a restart does not move partitions.
        foreach (GroupMember absent in group.Members.All.Where(member => !member.IsJoining && !member.IsStatic).ToArray())
        {
            group.Members.Remove(absent.Id);
        }

        if (!group.Members.IsEmpty && !group.Members.All.Any(member => member.IsJoining))
        {
            _end = Now + LongestRebalance(); // Only absent static members are left; their sessions decide.
            return;
        }

        group.Generation++;
        group.Version++;
        if (group.Members.IsEmpty)
        {
            group.State = GroupState.Empty;
            group.EmptySince = time.GetUtcNow().ToUnixTimeMilliseconds();
            group.Protocol = null;
            group.LeaderId = null;
            return;
        }

        StartGeneration();
    }

    private void StartGeneration()
    {
        group.State = GroupState.CompletingRebalance;
        group.Protocol = group.Members.ChooseProtocol();
        if (group.LeaderId is null || group.Members.Find(group.LeaderId) is not { IsJoining: true })
        {
            group.LeaderId = group.Members.All.First(member => member.IsJoining).Id;
        }

        TimeSpan now = Now;
        _end = now + LongestRebalance();
        foreach (GroupMember member in group.Members.All)
        {
            member.StartGeneration();
            member.Alive(now);
            member.Joined(group.PlaceOf(member));
        }
    }

    /// <summary>Members that joined but never asked for their assignment would hold the others up for ever.</summary>
    private void RemoveThoseWithoutSync()
    {
        foreach (GroupMember silent in group.Members.All.Where(member => !member.HasSynced && !member.IsStatic).ToArray())
        {
            group.Members.Remove(silent.Id);
        }

        Prepare();
        TryComplete();
    }

    private TimeSpan LongestRebalance() => group.Members.All.Select(member => member.RebalanceTimeout).DefaultIfEmpty(TimeSpan.Zero).Max();
}
