using System.Buffers;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>Rules for topic names (Kafka: at most 249 of letters, digits, dot, underscore and minus).</summary>
internal static class TopicName
{
    private const int MaxLength = 249;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>What is wrong with a name; null when it is fine.</summary>
    public static string? Problem(string name) => name switch
    {
        "" => "A topic name cannot be empty.",
        "." or ".." => "A topic cannot be named '.' or '..'.",
        { Length: > MaxLength } => $"A topic name has at most {MaxLength} letters.",
        _ when name.AsSpan().ContainsAnyExcept(Allowed) => "A topic name may hold letters, digits, '.', '_' and '-' only.",
        _ => null,
    };

    /// <summary>Another topic whose name differs only in '.' and '_': Kafka refuses it, because their metrics would share a name.</summary>
    public static Topic? Collision(string name, ClusterView view)
    {
        if (!name.Contains('.', StringComparison.Ordinal) && !name.Contains('_', StringComparison.Ordinal))
        {
            return null;
        }

        string key = name.Replace('.', '_');
        return view.Topics.Values.FirstOrDefault(topic => topic.Name != name && topic.Name.Replace('.', '_') == key);
    }
}
