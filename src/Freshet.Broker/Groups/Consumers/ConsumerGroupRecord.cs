using System.Collections.Immutable;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// A record of a group of the consumer protocol, in Kafka's own format: key versions 3 and 5 to 8, values of version 0 in the flexible
/// encoding. Kafka's key versions 4 and 16, which hold what follows from the others, are neither written nor read.
/// </summary>
internal abstract record ConsumerGroupRecord(string Group) : GroupRecord(Group)
{
    public const short EpochKey = 3;
    public const short SubscriptionKey = 5;
    public const short DealKey = 6;
    public const short TargetKey = 7;
    public const short PlaceKey = 8;

    protected sealed override short ValueVersion => 0;

    protected sealed override bool IsValueFlexible => true;

    /// <summary>Reads a record whose key version was read already; null when it is of another kind.</summary>
    public static ConsumerGroupRecord? Read(short keyVersion, ref KafkaReader key, byte[]? value) => keyVersion switch
    {
        EpochKey => EpochRecord.Read(key.ReadString(), value),
        SubscriptionKey => SubscriptionRecord.Read(key.ReadString(), key.ReadString(), value),
        DealKey => DealRecord.Read(key.ReadString(), value),
        TargetKey => TargetRecord.Read(key.ReadString(), key.ReadString(), value),
        PlaceKey => PlaceRecord.Read(key.ReadString(), key.ReadString(), value),
        _ => null,
    };

    protected static KafkaReader ReadValue(byte[] value)
    {
        var version = new KafkaReader(value, version: 0, flexible: false);
        ReadVersion(ref version, last: 0);
        return new KafkaReader(value.AsMemory(sizeof(short)), version: 0, flexible: true);
    }
}

/// <summary>A record of one member.</summary>
internal abstract record ConsumerMemberRecord(string Group, string MemberId) : ConsumerGroupRecord(Group)
{
    protected sealed override void WriteKey(ref KafkaWriter writer) => writer.WriteString(MemberId);
}

/// <summary>The group's epoch; null when the group is deleted.</summary>
internal sealed record EpochRecord(string Group, ConsumerGroupEpoch? State) : ConsumerGroupRecord(Group)
{
    private const uint FingerprintTag = 0;

    protected override short KeyVersion => EpochKey;

    public override bool IsDeletion => State is null;

    public static EpochRecord Read(string group, byte[]? value)
    {
        if (value is null)
        {
            return new EpochRecord(group, null);
        }

        KafkaReader reader = ReadValue(value);
        return new EpochRecord(group, new ConsumerGroupEpoch(reader.ReadInt32(), reader.ReadInt64Tag(FingerprintTag) ?? 0));
    }

    protected override void WriteValue(ref KafkaWriter writer)
    {
        writer.WriteInt32(State!.Epoch);
        writer.WriteInt64Tag(FingerprintTag, State.Fingerprint);
    }
}

/// <summary>What is stored of a group as a whole.</summary>
/// <param name="Fingerprint">Of the topics that its members want (Kafka's metadata hash, made differently).</param>
internal sealed record ConsumerGroupEpoch(int Epoch, long Fingerprint);

/// <summary>Who a member is and what it wants; null when it has left.</summary>
internal sealed record SubscriptionRecord(string Group, string MemberId, MemberSubscription? Subscription) : ConsumerMemberRecord(Group, MemberId)
{
    private const uint ClassicTag = 0;

    protected override short KeyVersion => SubscriptionKey;

    public override bool IsDeletion => Subscription is null;

    public static SubscriptionRecord Read(string group, string member, byte[]? value)
    {
        if (value is null)
        {
            return new SubscriptionRecord(group, member, null);
        }

        KafkaReader reader = ReadValue(value);
        var subscription = new MemberSubscription(
            reader.ReadNullableString(), reader.ReadNullableString(), reader.ReadString(), reader.ReadString(), reader.ReadStringArray(),
            reader.ReadNullableString() is { Length: > 0 } regex ? regex : null, reader.ReadInt32(), reader.ReadNullableString());
        return new SubscriptionRecord(group, member, subscription with { Classic = ReadClassic(ref reader) });
    }

    private static ClassicMembership? ReadClassic(ref KafkaReader reader)
    {
        ClassicMembership? classic = null;
        for (int left = reader.ReadTagCount(); left > 0; left--)
        {
            classic = reader.ReadTag(out KafkaReader field) == ClassicTag ? ClassicMembership.Read(ref field) : classic;
        }

        return classic;
    }

    protected override void WriteValue(ref KafkaWriter writer)
    {
        writer.WriteString(Subscription!.InstanceId);
        writer.WriteString(Subscription.RackId);
        writer.WriteString(Subscription.ClientId);
        writer.WriteString(Subscription.ClientHost);
        writer.WriteStringArray(Subscription.TopicNames);
        writer.WriteString(Subscription.TopicRegex);
        writer.WriteInt32(Subscription.RebalanceTimeoutMs);
        writer.WriteString(Subscription.Assignor);
        if (Subscription.Classic?.ToField() is not { } classic)
        {
            writer.WriteNoTags();
            return;
        }

        writer.WriteUnsignedVarint(1);
        writer.WriteUnsignedVarint(ClassicTag);
        writer.WriteUnsignedVarint((uint)classic.Length);
        classic.CopyTo(writer.Take(classic.Length));
    }
}

/// <summary>Epoch for which the partitions were last dealt out; null when the group is deleted.</summary>
internal sealed record DealRecord(string Group, int? Epoch) : ConsumerGroupRecord(Group)
{
    protected override short KeyVersion => DealKey;

    public override bool IsDeletion => Epoch is null;

    public static DealRecord Read(string group, byte[]? value) => new(group, value is null ? null : ReadValue(value).ReadInt32());

    protected override void WriteValue(ref KafkaWriter writer)
    {
        writer.WriteInt32(Epoch!.Value);
        writer.WriteNoTags();
    }
}

/// <summary>What a member is to own; null when it has left.</summary>
internal sealed record TargetRecord(string Group, string MemberId, ImmutableHashSet<TopicIdPartition>? Target) : ConsumerMemberRecord(Group, MemberId)
{
    protected override short KeyVersion => TargetKey;

    public override bool IsDeletion => Target is null;

    public static TargetRecord Read(string group, string member, byte[]? value) =>
        new(group, member, value is null ? null : TopicIdPartition.FromTopics(ReadValue(value).ReadArray<TopicIdPartitions>()));

    protected override void WriteValue(ref KafkaWriter writer)
    {
        writer.WriteArray(TopicIdPartition.ToTopics(Target!));
        writer.WriteNoTags();
    }
}

/// <summary>What a member owns and at which epoch; null when it has left.</summary>
internal sealed record PlaceRecord(string Group, string MemberId, MemberPlace? Place) : ConsumerMemberRecord(Group, MemberId)
{
    protected override short KeyVersion => PlaceKey;

    public override bool IsDeletion => Place is null;

    public static PlaceRecord Read(string group, string member, byte[]? value)
    {
        if (value is null)
        {
            return new PlaceRecord(group, member, null);
        }

        KafkaReader reader = ReadValue(value);
        int epoch = reader.ReadInt32();
        int previous = reader.ReadInt32();
        var state = (MemberState)reader.ReadInt8();
        ImmutableHashSet<TopicIdPartition> assigned = TopicIdPartition.FromTopics(reader.ReadArray<TopicIdPartitions>());
        ImmutableHashSet<TopicIdPartition> revoking = TopicIdPartition.FromTopics(reader.ReadArray<TopicIdPartitions>());
        return new PlaceRecord(group, member, new MemberPlace(epoch, previous, state, assigned.ToImmutableDictionary(partition => partition, _ => epoch), revoking));
    }

    protected override void WriteValue(ref KafkaWriter writer)
    {
        writer.WriteInt32(Place!.Epoch);
        writer.WriteInt32(Place.PreviousEpoch);
        writer.WriteInt8((sbyte)Place.State);
        writer.WriteArray(TopicIdPartition.ToTopics(Place.Assigned.Keys));
        writer.WriteArray(TopicIdPartition.ToTopics(Place.Revoking));
        writer.WriteNoTags();
    }
}
