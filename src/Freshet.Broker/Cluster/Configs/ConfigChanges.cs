using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>Carries out the changes of an alter request on a set of settings, without storing them.</summary>
internal static class ConfigChanges
{
    /// <summary>Changes the settings in place; says why not when a change cannot be.</summary>
    /// <param name="settings">What is set now.</param>
    /// <param name="list">The value of a list that is not set, by the list's name; null for what is no list.</param>
    public static (ErrorCode Error, string? Problem) Apply(Dictionary<string, string> settings, IReadOnlyList<ConfigChange> changes, Func<string, string?> list)
    {
        if (Problem(changes) is { } malformed)
        {
            return (ErrorCode.InvalidRequest, malformed);
        }

        foreach (ConfigChange change in changes)
        {
            if (change.Operation == ConfigOperation.Delete)
            {
                settings.Remove(change.Name);
            }
            else if (change.Operation == ConfigOperation.Set)
            {
                settings[change.Name] = change.Value!;
            }
            else if (list(change.Name) is { } unset)
            {
                settings[change.Name] = Join(settings.GetValueOrDefault(change.Name) ?? unset, change.Value!, change.Operation == ConfigOperation.Append);
            }
            else
            {
                return (ErrorCode.InvalidConfig, $"'{change.Name}' is not a list, so nothing is added to it or taken out.");
            }
        }

        return (ErrorCode.None, null);
    }

    /// <summary>What is wrong with the changes whatever they are made on; null when nothing is.</summary>
    public static string? Problem(IReadOnlyList<ConfigChange> changes)
    {
        if (changes.GroupBy(change => change.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return $"The request changes '{twice.Key}' more than once.";
        }

        foreach (ConfigChange change in changes)
        {
            if (!Enum.IsDefined(change.Operation))
            {
                return $"Operation {(int)change.Operation} on '{change.Name}' is not known.";
            }

            if (change.Value is null && change.Operation != ConfigOperation.Delete)
            {
                return $"'{change.Name}' is set to no value; delete the setting to have its default.";
            }
        }

        return null;
    }

    private static string Join(string list, string value, bool append)
    {
        string[] before = Split(list);
        return string.Join(',', append ? before.Union(Split(value)) : before.Except(Split(value)));
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
