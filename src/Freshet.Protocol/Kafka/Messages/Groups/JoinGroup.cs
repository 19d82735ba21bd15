namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Joins a group (Kafka protocol, JoinGroup).</summary>
/// <param name="RebalanceTimeoutMs">Time the member may take to rejoin; the session timeout before version 1.</param>
/// <param name="MemberId">Empty for a new member.</param>
/// <param name="GroupInstanceId">Name of a static member; null for a dynamic one.</param>
/// <param name="Protocols">Assignors the member knows, favourite first, each with the member's metadata for it.</param>
public sealed record JoinGroupRequest(
    string GroupId, int SessionTimeoutMs, int RebalanceTimeoutMs, string MemberId, string? GroupInstanceId, string ProtocolType,
    IReadOnlyList<JoinGroupProtocol> Protocols) : IKafkaReadable<JoinGroupRequest>
{
    /// <inheritdoc/>
    public static JoinGroupRequest Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        int session = reader.ReadInt32();
        int rebalance = reader.Version >= 1 ? reader.ReadInt32() : session;
        string member = reader.ReadString();
        string? instance = reader.Version >= 5 ? reader.ReadNullableString() : null;
        string type = reader.ReadString();
        JoinGroupProtocol[] protocols = reader.ReadArray<JoinGroupProtocol>();
        if (reader.Version >= 8)
        {
            reader.ReadNullableString(); // Reason, for people.
        }

        reader.SkipTags();
        return new JoinGroupRequest(group, session, rebalance, member, instance, type, protocols);
    }
}

/// <summary>An assignor and the member's metadata for it.</summary>
public sealed record JoinGroupProtocol(string Name, byte[] Metadata) : IKafkaReadable<JoinGroupProtocol>
{
    /// <inheritdoc/>
    public static JoinGroupProtocol Read(ref KafkaReader reader)
    {
        var protocol = new JoinGroupProtocol(reader.ReadString(), reader.ReadBytes());
        reader.SkipTags();
        return protocol;
    }
}

/// <summary>A member's place in the new generation.</summary>
/// <param name="Members">All members for the leader, none for the others.</param>
/// <param name="SkipAssignment">Whether the leader has to assign nothing; told from version 9 on.</param>
public sealed record JoinGroupResponse(
    ErrorCode Error, int GenerationId, string? ProtocolType, string? ProtocolName, string Leader, bool SkipAssignment, string MemberId,
    IReadOnlyList<JoinGroupMember> Members) : IKafkaWritable
{
    /// <summary>An answer to a member that was not let in.</summary>
    public static JoinGroupResponse Refused(ErrorCode error, string memberId) => new(error, -1, null, null, "", false, memberId, []);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 2)
        {
            writer.WriteThrottle();
        }

        writer.WriteError(Error);
        writer.WriteInt32(GenerationId);
        if (writer.Version >= 7)
        {
            writer.WriteString(ProtocolType);
        }

        writer.WriteString(writer.Version >= 7 ? ProtocolName : ProtocolName ?? "");
        writer.WriteString(Leader);
        if (writer.Version >= 9)
        {
            writer.WriteBool(SkipAssignment);
        }

        writer.WriteString(MemberId);
        writer.WriteArray(Members);
        writer.WriteNoTags();
    }
}

/// <summary>A member as the leader sees it.</summary>
public sealed record JoinGroupMember(string MemberId, string? GroupInstanceId, byte[] Metadata) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(MemberId);
        if (writer.Version >= 5)
        {
            writer.WriteString(GroupInstanceId);
        }

        writer.WriteBytes(Metadata);
        writer.WriteNoTags();
    }
}
