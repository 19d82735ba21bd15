namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for a member's assignment; the leader brings everybody's (Kafka protocol, SyncGroup).</summary>
public sealed record SyncGroupRequest(
    string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, string? ProtocolType, string? ProtocolName,
    IReadOnlyList<SyncGroupAssignment> Assignments) : IKafkaReadable<SyncGroupRequest>
{
    /// <inheritdoc/>
    public static SyncGroupRequest Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        int generation = reader.ReadInt32();
        string member = reader.ReadString();
        string? instance = reader.Version >= 3 ? reader.ReadNullableString() : null;
        string? type = reader.Version >= 5 ? reader.ReadNullableString() : null;
        string? protocol = reader.Version >= 5 ? reader.ReadNullableString() : null;
        SyncGroupAssignment[] assignments = reader.ReadArray<SyncGroupAssignment>();
        reader.SkipTags();
        return new SyncGroupRequest(group, generation, member, instance, type, protocol, assignments);
    }
}

/// <summary>What a member is to do.</summary>
public sealed record SyncGroupAssignment(string MemberId, byte[] Assignment) : IKafkaReadable<SyncGroupAssignment>
{
    /// <inheritdoc/>
    public static SyncGroupAssignment Read(ref KafkaReader reader)
    {
        var assignment = new SyncGroupAssignment(reader.ReadString(), reader.ReadBytes());
        reader.SkipTags();
        return assignment;
    }
}

/// <summary>The member's assignment.</summary>
public sealed record SyncGroupResponse(ErrorCode Error, string? ProtocolType, string? ProtocolName, byte[] Assignment) : IKafkaWritable
{
    /// <summary>An answer without an assignment.</summary>
    public static SyncGroupResponse Refused(ErrorCode error) => new(error, null, null, []);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        writer.WriteError(Error);
        if (writer.Version >= 5)
        {
            writer.WriteString(ProtocolType);
            writer.WriteString(ProtocolName);
        }

        writer.WriteBytes(Assignment);
        writer.WriteNoTags();
    }
}
