namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Changes the level of features of the cluster (Kafka protocol, UpdateFeatures, versions 0 to 2).</summary>
/// <param name="ValidateOnly">Whether only to check.</param>
public sealed record UpdateFeaturesRequest(int TimeoutMs, IReadOnlyList<FeatureUpdate> Updates, bool ValidateOnly) : IKafkaReadable<UpdateFeaturesRequest>
{
    /// <inheritdoc/>
    public static UpdateFeaturesRequest Read(ref KafkaReader reader)
    {
        var request = new UpdateFeaturesRequest(
            reader.ReadInt32(), reader.ReadArray<FeatureUpdate>(), reader.Version >= FeatureUpdate.FirstWithType && reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>The level that a feature is to have.</summary>
/// <param name="Level">Below 1 turns the feature off.</param>
/// <param name="AllowsDowngrade">Whether it may be lower than the present one.</param>
public sealed record FeatureUpdate(string Feature, short Level, bool AllowsDowngrade) : IKafkaReadable<FeatureUpdate>
{
    internal const short FirstWithType = 1;
    private const sbyte Upgrade = 1;

    /// <inheritdoc/>
    public static FeatureUpdate Read(ref KafkaReader reader)
    {
        var update = new FeatureUpdate(
            reader.ReadString(), reader.ReadInt16(), reader.Version >= FirstWithType ? reader.ReadInt8() != Upgrade : reader.ReadBool());
        reader.SkipTags();
        return update;
    }
}

/// <summary>What became of the change: all features get their level, or none.</summary>
/// <param name="Features">The features that have their level, each told before version 2; none when there was an error.</param>
public sealed record UpdateFeaturesResponse(ErrorCode Error, string? ErrorMessage, IReadOnlyList<string> Features) : IKafkaWritable
{
    private const short FirstWithoutResults = 2;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        if (writer.Version < FirstWithoutResults)
        {
            writer.WriteLength(Features.Count);
            foreach (string feature in Features)
            {
                writer.WriteString(feature);
                writer.WriteError(Error);
                writer.WriteString(ErrorMessage);
                writer.WriteNoTags();
            }
        }

        writer.WriteNoTags();
    }
}
