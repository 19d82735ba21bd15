using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>Carries out the changes of an alter request on a set of settings, without storing them.</summary>
internal static class ConfigChanges
{
    /// <summary>Changes the settings in place; says why not when a change cannot be.</summary>
    /// <param name="settings">What is set now.</param>
    /// <param name="find">The definition behind a name, or null when there is none.</param>
    /// <param name="defaultOf">What holds for a setting that is not set.</param>
    public static (ErrorCode Error, string? Problem) Apply(
        Dictionary<string, string> settings, IReadOnlyList<ConfigChange> changes,
        Func<string, TopicSettingDefinition?> find, Func<TopicSettingDefinition, string> defaultOf)
    {
        if (changes.GroupBy(change => change.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return (ErrorCode.InvalidRequest, $"The request changes '{twice.Key}' more than once.");
        }

        foreach (ConfigChange change in changes)
        {
            if (change.Operation == ConfigOperation.Delete)
            {
                settings.Remove(change.Name);
                continue;
            }

            if (change.Value is not { } value)
            {
                return (ErrorCode.InvalidRequest, $"'{change.Name}' is set to no value; delete the setting to have its default.");
            }

            if (change.Operation == ConfigOperation.Set)
            {
                settings[change.Name] = value;
                continue;
            }

            if (change.Operation is not (ConfigOperation.Append or ConfigOperation.Subtract))
            {
                return (ErrorCode.InvalidRequest, $"Operation {(int)change.Operation} on '{change.Name}' is not known.");
            }

            if (find(change.Name) is not { Type: ConfigType.List } list)
            {
                return (ErrorCode.InvalidConfig, $"'{change.Name}' is not a list, so nothing is added to it or taken out.");
            }

            settings[change.Name] = Join(settings.GetValueOrDefault(change.Name) ?? defaultOf(list), value, change.Operation == ConfigOperation.Append);
        }

        return (ErrorCode.None, null);
    }

    private static string Join(string list, string value, bool append)
    {
        string[] before = Split(list);
        return string.Join(',', append ? before.Union(Split(value)) : before.Except(Split(value)));
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
