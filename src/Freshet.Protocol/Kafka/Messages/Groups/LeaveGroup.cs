namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Takes members out of a group: one before version 3, several since (Kafka protocol, LeaveGroup).</summary>
public sealed record LeaveGroupRequest(string GroupId, IReadOnlyList<LeavingMember> Members) : IKafkaReadable<LeaveGroupRequest>
{
    /// <inheritdoc/>
    public static LeaveGroupRequest Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        LeavingMember[] members = reader.Version >= 3 ? reader.ReadArray<LeavingMember>() : [new LeavingMember(reader.ReadString(), null)];
        reader.SkipTags();
        return new LeaveGroupRequest(group, members);
    }
}

/// <summary>A member that leaves: by id, or with an empty id by its instance id.</summary>
public sealed record LeavingMember(string MemberId, string? GroupInstanceId) : IKafkaReadable<LeavingMember>
{
    /// <inheritdoc/>
    public static LeavingMember Read(ref KafkaReader reader)
    {
        var member = new LeavingMember(reader.ReadString(), reader.ReadNullableString());
        if (reader.Version >= 5)
        {
            reader.ReadNullableString(); // Reason, for people.
        }

        reader.SkipTags();
        return member;
    }
}

/// <summary>What became of each member.</summary>
public sealed record LeaveGroupResponse(ErrorCode Error, IReadOnlyList<LeftMember> Members) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        writer.WriteError(Error == ErrorCode.None && writer.Version < 3 && Members is [var single] ? single.Error : Error);
        if (writer.Version >= 3)
        {
            writer.WriteArray(Members);
        }

        writer.WriteNoTags();
    }
}

/// <summary>What became of one member.</summary>
public sealed record LeftMember(string MemberId, string? GroupInstanceId, ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(MemberId);
        writer.WriteString(GroupInstanceId);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
