using System.CommandLine;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet config</c>: shows and changes settings of topics, brokers and groups.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var flags = new KafkaFlags();
        var command = new Command("config", "Shows and changes settings of topics, brokers and groups.") { Describe(flags), Alter(flags) };
        flags.AddTo(command);
        return command;
    }

    private static Command Describe(KafkaFlags flags)
    {
        var target = new ConfigTarget();
        var all = new Option<bool>("--all") { Description = "Also what has its default." };
        var command = new Command("describe", "Shows the settings that differ from their defaults.") { all };
        target.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            List<DescribeConfigsResult> described = [];
            ConfigResource resource = target.Of(parsed);
            await CheckBrokerAsync(session, admin, resource);
            await Outcome.OfEachAsync(
                async () => described = await admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = session.Timeout }),
                (DescribeConfigsException failed) => failed.Results.Select(result => (result.ConfigResource.Name, result.Error)));
            var report = new Report("name", "value", "source", "read only");
            foreach (ConfigEntryResult entry in described[0].Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                if (parsed.GetValue(all) || !entry.IsDefault)
                {
                    report.Add(entry.Name, entry.IsSensitive ? "(hidden)" : entry.Value, $"{entry.Source}", entry.IsReadOnly);
                }
            }

            session.Write(report);
        });
        return command;
    }

    private static Command Alter(KafkaFlags flags)
    {
        var target = new ConfigTarget();
        var add = new Option<string[]>("--add-config") { Description = "NAME=VALUE,NAME=VALUE...; a value with commas in [ ]." };
        var remove = new Option<string[]>("--delete-config") { Description = "NAME,NAME...: back to the default." };
        var command = new Command("alter", "Changes settings.") { add, remove };
        target.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            ConfigResource resource = target.Of(parsed);
            List<ConfigEntry> changes =
            [
                .. (parsed.GetValue(add) ?? []).SelectMany(NameValue.ParseList)
                    .Select(setting => new ConfigEntry { Name = setting.Key, Value = setting.Value, IncrementalOperation = AlterConfigOpType.Set }),
                .. (parsed.GetValue(remove) ?? []).SelectMany(names => names.Split(','))
                    .Select(name => new ConfigEntry { Name = name.Trim(), Value = "", IncrementalOperation = AlterConfigOpType.Delete }),
            ];
            if (changes.Count == 0)
            {
                throw new CommandFailure("say what to change: --add-config NAME=VALUE or --delete-config NAME");
            }

            await CheckBrokerAsync(session, admin, resource);
            await Outcome.OfEachAsync(
                () => admin.IncrementalAlterConfigsAsync(
                    new Dictionary<ConfigResource, List<ConfigEntry>> { [resource] = changes }, new IncrementalAlterConfigsOptions { RequestTimeout = session.Timeout }),
                (IncrementalAlterConfigsException failed) => failed.Results.Select(result => (result.ConfigResource.Name, result.Error)));
            Outcome.Say(session, [resource.Name], "altered");
        });
        return command;
    }

    /// <summary>Asks the cluster whether it has the broker: librdkafka would wait for one that is not there, and then say that none answered.</summary>
    private static async Task CheckBrokerAsync(KafkaSession session, IAdminClient admin, ConfigResource resource)
    {
        if (resource.Type != ResourceType.Broker || resource.Name.Length == 0)
        {
            return;
        }

        DescribeClusterResult cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = session.Timeout });
        if (!cluster.Nodes.Any(node => $"{node.Id}" == resource.Name))
        {
            throw new CommandFailure($"there is no broker '{resource.Name}'; those that live are {string.Join(", ", cluster.Nodes.Select(node => node.Id).Order())}");
        }
    }
}
