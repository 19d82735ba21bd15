using System.Globalization;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Logging;
using Freshet.Broker.Telemetry;
using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>Changes settings of everything that has some. When a call returns, this broker works by them.</summary>
internal sealed class ConfigAdmin(ConfigStore store, ClusterState cluster, EntityConfigs entities, BrokerLoggers loggers, BrokerOptions options)
{
    /// <summary>Attempts against others who change the same settings at the same time.</summary>
    private const int MaxAttempts = 10;

    /// <param name="replaces">Whether all that is not named goes back to its default (AlterConfigs).</param>
    public async ValueTask<AlteredResource> AlterAsync(AlteredConfigs wanted, bool replaces, bool validateOnly, CancellationToken cancellation)
    {
        try
        {
            (ErrorCode error, string? problem) = wanted.Type switch
            {
                ConfigResourceType.Topic => await AlterTopicAsync(wanted, replaces, validateOnly, cancellation).ConfigureAwait(false),
                ConfigResourceType.Broker => await AlterBrokerAsync(wanted, replaces, validateOnly, cancellation).ConfigureAwait(false),
                ConfigResourceType.Group => await AlterGroupAsync(wanted, replaces, validateOnly, cancellation).ConfigureAwait(false),
                ConfigResourceType.ClientMetrics => await AlterClientMetricsAsync(wanted, replaces, validateOnly, cancellation).ConfigureAwait(false),
                ConfigResourceType.BrokerLogger => AlterLoggers(wanted, replaces, validateOnly),
                _ => (ErrorCode.InvalidRequest, $"Settings of resource type {(int)wanted.Type} cannot be changed here."),
            };
            return new AlteredResource(error, problem, wanted.Type, wanted.Name);
        }
        catch (CoordinationException failure)
        {
            return new AlteredResource(ErrorCode.NotController, $"The coordination service did not do it: {failure.Message}", wanted.Type, wanted.Name);
        }
    }

    private async ValueTask<(ErrorCode Error, string? Problem)> AlterTopicAsync(AlteredConfigs wanted, bool replaces, bool validateOnly, CancellationToken cancellation)
    {
        if (TopicName.Problem(wanted.Name) is { } name)
        {
            return (ErrorCode.InvalidTopicException, name);
        }

        if (cluster.View.Find(wanted.Name) is null)
        {
            return (ErrorCode.UnknownTopicOrPartition, $"There is no topic '{wanted.Name}'.");
        }

        (ErrorCode error, string? problem) = await StoreAsync(
            ClusterPaths.TopicConfig(wanted.Name), wanted.Changes, replaces, validateOnly, name => ListOfTopics(TopicSettingDefinition.All.GetValueOrDefault(name)),
            settings => Invalid(TopicSettings.Of(settings).Problem()), touch: ClusterPaths.Topic(wanted.Name), cancellation).ConfigureAwait(false);
        if (error == ErrorCode.None && !validateOnly)
        {
            await cluster.RefreshTopicAsync(wanted.Name, cancellation).ConfigureAwait(false);
        }

        return (error, problem);
    }

    private async ValueTask<(ErrorCode Error, string? Problem)> AlterBrokerAsync(AlteredConfigs wanted, bool replaces, bool validateOnly, CancellationToken cancellation)
    {
        bool all = wanted.Name.Length == 0;
        if (!all && !IsThisBroker(wanted.Name))
        {
            return AnotherBroker(wanted.Name);
        }

        (ErrorCode error, string? problem) = await StoreAsync(
            all ? ClusterPaths.AllBrokersConfig : ClusterPaths.BrokerConfig(options.BrokerId), wanted.Changes, replaces, validateOnly, name => ListOfTopics(BrokerSettingNames.Find(name)),
            settings => Invalid(ProblemOfBroker(settings)),
            touch: null, cancellation).ConfigureAwait(false);
        if (error == ErrorCode.None && !validateOnly)
        {
            await cluster.RefreshSettingsAsync(cancellation).ConfigureAwait(false);
        }

        // Of brokers Kafka calls a bad setting a bad request.
        return (error == ErrorCode.InvalidConfig ? ErrorCode.InvalidRequest : error, problem);
    }

    private async ValueTask<(ErrorCode Error, string? Problem)> AlterGroupAsync(AlteredConfigs wanted, bool replaces, bool validateOnly, CancellationToken cancellation)
    {
        if (wanted.Name.Length == 0)
        {
            return (ErrorCode.InvalidRequest, "Name the group: what holds for all groups is set on the brokers.");
        }

        string path = EntityPaths.Group(wanted.Name);
        (ErrorCode error, string? problem) = await StoreAsync(
            path, wanted.Changes, replaces, validateOnly, _ => null, settings => Invalid(GroupSetting.Problem(settings, options)), touch: null, cancellation).ConfigureAwait(false);
        if (error == ErrorCode.None && !validateOnly)
        {
            await entities.RefreshAsync(path, cancellation).ConfigureAwait(false);
        }

        return (error, problem);
    }

    private async ValueTask<(ErrorCode Error, string? Problem)> AlterClientMetricsAsync(
        AlteredConfigs wanted, bool replaces, bool validateOnly, CancellationToken cancellation)
    {
        if (wanted.Name.Length == 0)
        {
            return (ErrorCode.InvalidRequest, "Subscription name can't be empty.");
        }

        string path = EntityPaths.ClientMetric(wanted.Name);
        (ErrorCode error, string? problem) = await StoreAsync(
            path, wanted.Changes, replaces, validateOnly, SubscriptionSetting.List, SubscriptionSetting.Check, touch: null, cancellation).ConfigureAwait(false);
        if (error == ErrorCode.None && !validateOnly)
        {
            await entities.RefreshAsync(path, cancellation).ConfigureAwait(false);
        }

        return (error, problem);
    }

    private (ErrorCode Error, string? Problem) AlterLoggers(AlteredConfigs wanted, bool replaces, bool validateOnly) =>
        replaces ? (ErrorCode.InvalidRequest, "Levels of loggers are changed one by one, by IncrementalAlterConfigs.")
        : IsThisBroker(wanted.Name) ? loggers.Alter(wanted.Changes, validateOnly)
        : AnotherBroker(wanted.Name);

    private static (ErrorCode Error, string? Problem) Invalid(string? problem) => (problem is null ? ErrorCode.None : ErrorCode.InvalidConfig, problem);

    private bool IsThisBroker(string name) => name == options.BrokerId.ToString(CultureInfo.InvariantCulture);

    private (ErrorCode Error, string? Problem) AnotherBroker(string name) => (ErrorCode.InvalidRequest, $"This is broker {options.BrokerId}; ask broker '{name}' itself.");

    private string? ProblemOfBroker(Dictionary<string, string> settings) => settings.Select(setting => ConnectionSetting.IsKnown(setting.Key)
        ? ConnectionSetting.Problem(setting.Key, setting.Value, options.Listeners)
        : BrokerSettingNames.Problem(setting.Key, setting.Value)).FirstOrDefault(found => found is not null)
        ?? (ConnectionSetting.ShutsOutAll(settings) ? $"{ConnectionSetting.MaxPerAddress} is 0 only together with {ConnectionSetting.MaxByAddress}: nobody could connect." : null);

    /// <summary>The value of a list that topics do not set; null for what is no list.</summary>
    private string? ListOfTopics(TopicSettingDefinition? definition) => definition is { Type: ConfigType.List } ? cluster.Defaults[definition.Name] : null;

    private async ValueTask<(ErrorCode Error, string? Problem)> StoreAsync(
        string path, IReadOnlyList<ConfigChange> changes, bool replaces, bool validateOnly, Func<string, string?> list,
        Func<Dictionary<string, string>, (ErrorCode Error, string? Problem)> check, string? touch, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            (Dictionary<string, string> settings, int version) = await store.ReadAsync(path, cancellation).ConfigureAwait(false);
            settings = replaces ? [] : settings;
            (ErrorCode error, string? problem) = ConfigChanges.Apply(settings, changes, list);
            if (error != ErrorCode.None)
            {
                return (error, problem);
            }

            (error, problem) = check(settings);
            if (error != ErrorCode.None)
            {
                return (error, problem);
            }

            if (validateOnly || await store.TryWriteAsync(path, settings, version, touch, cancellation).ConfigureAwait(false))
            {
                return (ErrorCode.None, null);
            }
        }

        return (ErrorCode.RequestTimedOut, "Others keep changing these settings at the same time; try again.");
    }
}
