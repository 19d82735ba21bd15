namespace Freshet.Node.Configuration.Kafka;

/// <summary>
/// An existing <c>server.properties</c> of Apache Kafka, read for one broker. Keys that mean nothing here are reported in
/// <see cref="Warnings"/>; nothing of the file is changed.
/// </summary>
public sealed class KafkaConfiguration
{
    private KafkaConfiguration(KafkaSettings settings) => (Options, Warnings) = (settings.Node, settings.Warnings);

    /// <summary>Options of a node that runs the broker as the file says. May be changed before the node starts.</summary>
    public FreshetNodeOptions Options { get; }

    /// <summary>Lines that have no effect or another one than in Apache Kafka, each with file, line and key. Secrets are not shown.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A value cannot be used; the message names file, line and key and says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static KafkaConfiguration Read(string path)
    {
        using StreamReader reader = new(path);
        List<ConfigurationEntry> lines = JavaProperties.Read(path, reader);
        var settings = new KafkaSettings();
        for (int index = 0; index < lines.Count; index++)
        {
            int later = lines.FindLastIndex(line => line.Key == lines[index].Key);
            if (later > index)
            {
                settings.Warnings.Add(lines[index].Note($"Line {lines[later].Line} has the same key, and it counts."));
            }
            else if (!KafkaKeys.TryApply(settings, lines[index]) && KafkaKeysWithoutMeaning.Explain(lines[index]) is string warning)
            {
                settings.Warnings.Add(warning);
            }
        }

        settings.Complete(path);
        return new KafkaConfiguration(settings);
    }
}
