using System.Buffers;
using Freshet.Broker.Groups.Classic;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Storage;

/// <summary>
/// A record of the topic that keeps groups and offsets, in Kafka's own format: key versions 1 (an offset) and 2 (a classic group), values
/// of version 3, and those of <see cref="ConsumerGroupRecord"/>.
/// </summary>
/// <param name="Group">The group it is about.</param>
internal abstract record GroupRecord(string Group)
{
    protected const short OffsetKey = 1;
    protected const short GroupKey = 2;

    /// <summary>Version of the key, which tells the kind of the record.</summary>
    protected abstract short KeyVersion { get; }

    protected virtual short ValueVersion => 3;

    protected virtual bool IsValueFlexible => false;

    /// <summary>Reads a record; null when it is of a kind that is not kept here.</summary>
    /// <param name="value">Null deletes what the key names.</param>
    /// <exception cref="KafkaFormatException">The bytes are not such a record.</exception>
    public static GroupRecord? Read(byte[] key, byte[]? value)
    {
        var reader = new KafkaReader(key, version: 0, flexible: false);
        short version = reader.ReadInt16();
        return version switch
        {
            0 or OffsetKey => OffsetRecord.ReadOffset(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), value),
            GroupKey => MembershipRecord.ReadMembership(reader.ReadString(), value),
            _ => ConsumerGroupRecord.Read(version, ref reader, value),
        };
    }

    /// <summary>The record's key.</summary>
    public byte[] Key()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: false);
        writer.WriteInt16(KeyVersion);
        writer.WriteString(Group);
        WriteKey(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The record's value; null deletes what the key names.</summary>
    public byte[]? Value()
    {
        if (IsDeletion)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, IsValueFlexible);
        writer.WriteInt16(ValueVersion);
        WriteValue(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether it deletes what its key names.</summary>
    public abstract bool IsDeletion { get; }

    protected virtual void WriteKey(ref KafkaWriter writer)
    {
    }

    protected abstract void WriteValue(ref KafkaWriter writer);

    protected static short ReadVersion(ref KafkaReader reader, short last) =>
        reader.ReadInt16() is var version && version >= 0 && version <= last
            ? version
            : throw new KafkaFormatException($"A record of groups has value version {version}; up to {last} is known.");
}

/// <summary>A committed offset; null when it is deleted.</summary>
internal sealed record OffsetRecord(string Group, string Topic, int Partition, CommittedOffset? Offset) : GroupRecord(Group)
{
    protected override short KeyVersion => OffsetKey;

    public override bool IsDeletion => Offset is null;

    public static OffsetRecord ReadOffset(string group, string topic, int partition, byte[]? value)
    {
        if (value is null)
        {
            return new OffsetRecord(group, topic, partition, null);
        }

        var reader = new KafkaReader(value, version: 0, flexible: false);
        short version = ReadVersion(ref reader, last: 4);
        var offset = new CommittedOffset(
            reader.ReadInt64(), version >= 3 ? reader.ReadInt32() : -1, reader.ReadNullableString() ?? "", reader.ReadInt64());
        return new OffsetRecord(group, topic, partition, offset);
    }

    protected override void WriteKey(ref KafkaWriter writer)
    {
        writer.WriteString(Topic);
        writer.WriteInt32(Partition);
    }

    protected override void WriteValue(ref KafkaWriter writer)
    {
        CommittedOffset offset = Offset!.Value;
        writer.WriteInt64(offset.Offset);
        writer.WriteInt32(offset.LeaderEpoch);
        writer.WriteString(offset.Metadata);
        writer.WriteInt64(offset.CommitTime);
    }
}

/// <summary>A group's generation, members and assignments; null when the group is deleted.</summary>
internal sealed record MembershipRecord(string Group, Membership? Membership) : GroupRecord(Group)
{
    protected override short KeyVersion => GroupKey;

    public override bool IsDeletion => Membership is null;

    public static MembershipRecord ReadMembership(string group, byte[]? value)
    {
        if (value is null)
        {
            return new MembershipRecord(group, null);
        }

        var reader = new KafkaReader(value, version: 0, flexible: false);
        short version = ReadVersion(ref reader, last: 3);
        string type = reader.ReadString();
        int generation = reader.ReadInt32();
        string? protocol = reader.ReadNullableString();
        string? leader = reader.ReadNullableString();
        long time = version >= 2 ? reader.ReadInt64() : -1;
        var members = new MembershipMember[Math.Max(reader.ReadCount(), 0)];
        for (int index = 0; index < members.Length; index++)
        {
            members[index] = MembershipMember.Read(ref reader, version);
        }

        return new MembershipRecord(group, new Membership(type, generation, protocol, leader, time, members));
    }

    protected override void WriteValue(ref KafkaWriter writer)
    {
        Membership membership = Membership!;
        writer.WriteString(membership.ProtocolType);
        writer.WriteInt32(membership.Generation);
        writer.WriteString(membership.Protocol);
        writer.WriteString(membership.LeaderId);
        writer.WriteInt64(membership.Time);
        writer.WriteArray(membership.Members);
    }
}

/// <summary>What is stored of a group.</summary>
/// <param name="Time">Time of the change, in milliseconds since 1970.</param>
internal sealed record Membership(
    string ProtocolType, int Generation, string? Protocol, string? LeaderId, long Time, IReadOnlyList<MembershipMember> Members)
{
    /// <summary>The group as it is, with these assignments if the leader just brought them.</summary>
    public static Membership Of(Group group, long time, IReadOnlyList<SyncGroupAssignment>? assignments = null)
    {
        Dictionary<string, byte[]>? brought = assignments?.GroupBy(entry => entry.MemberId).ToDictionary(entry => entry.Key, entry => entry.Last().Assignment);
        return new Membership(
            group.ProtocolType ?? "", group.Generation, group.Protocol, group.LeaderId, time,
            [.. group.Members.All.Select(member => new MembershipMember(
                member.Id, member.InstanceId, member.ClientId, member.ClientHost, (int)member.RebalanceTimeout.TotalMilliseconds,
                (int)member.SessionTimeout.TotalMilliseconds, member.MetadataFor(group.Protocol ?? ""),
                brought is null ? member.Assignment : brought.GetValueOrDefault(member.Id) ?? []))]);
    }

    /// <summary>Puts a loaded group where it was: its members go on in their generation if they are still there.</summary>
    public void Restore(Group group)
    {
        group.ProtocolType = ProtocolType;
        group.Generation = Generation;
        group.Protocol = Protocol;
        group.LeaderId = LeaderId;
        group.State = Members.Count == 0 ? GroupState.Empty : GroupState.Stable;
        group.EmptySince = Members.Count == 0 ? Time : 0;
        foreach (MembershipMember stored in Members)
        {
            var join = new JoinGroupRequest(
                group.Id, stored.SessionTimeoutMs, stored.RebalanceTimeoutMs, stored.Id, stored.InstanceId, ProtocolType,
                [new JoinGroupProtocol(Protocol ?? "", stored.Metadata)]);
            var member = new GroupMember(stored.Id, join, stored.ClientId, stored.ClientHost) { Assignment = stored.Assignment };
            member.Alive(group.Now);
            group.Members.Add(member);
        }

        if (Members.Count > 0 && LeaderId is null)
        {
            group.StartRebalance(); // It had just become a classic group, and nobody has dealt out the partitions yet.
        }
    }
}

/// <summary>What is stored of a member.</summary>
internal sealed record MembershipMember(
    string Id, string? InstanceId, string ClientId, string ClientHost, int RebalanceTimeoutMs, int SessionTimeoutMs, byte[] Metadata, byte[] Assignment)
    : IKafkaWritable
{
    public static MembershipMember Read(ref KafkaReader reader, short version)
    {
        string id = reader.ReadString();
        string? instance = version >= 3 ? reader.ReadNullableString() : null;
        string clientId = reader.ReadString();
        string host = reader.ReadString();
        int rebalance = version >= 1 ? reader.ReadInt32() : -1;
        int session = reader.ReadInt32();
        return new MembershipMember(id, instance, clientId, host, rebalance >= 0 ? rebalance : session, session, reader.ReadBytes(), reader.ReadBytes());
    }

    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Id);
        writer.WriteString(InstanceId);
        writer.WriteString(ClientId);
        writer.WriteString(ClientHost);
        writer.WriteInt32(RebalanceTimeoutMs);
        writer.WriteInt32(SessionTimeoutMs);
        writer.WriteBytes(Metadata);
        writer.WriteBytes(Assignment);
    }
}
