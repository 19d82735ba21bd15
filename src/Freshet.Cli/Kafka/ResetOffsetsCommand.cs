using System.CommandLine;
using System.Xml;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet group reset-offsets</c>: shows, and with --execute makes, the offsets from which a group reads on.</summary>
internal static class ResetOffsetsCommand
{
    public static Command Create(KafkaFlags flags)
    {
        var names = new NameArgument("group", "--group");
        var topics = new Option<string[]>("--topic") { Description = "TOPIC or TOPIC:PARTITION,PARTITION..." };
        var allTopics = new Option<bool>("--all-topics") { Description = "All topics that the group has offsets of." };
        var earliest = new Option<bool>("--to-earliest") { Description = "To the first record." };
        var latest = new Option<bool>("--to-latest") { Description = "Behind the last record." };
        var current = new Option<bool>("--to-current") { Description = "To where it is." };
        var offset = new Option<long?>("--to-offset") { Description = "To this offset." };
        var shift = new Option<long?>("--shift-by") { Description = "By so many records, back when negative." };
        var date = new Option<string?>("--to-datetime") { Description = "To the first record of this time or later, such as 2026-08-01T12:00:00." };
        var duration = new Option<string?>("--by-duration") { Description = "To the first record within the last time, such as P1D or PT2H." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be done, which is also what happens without --execute." };
        var execute = new Option<bool>("--execute") { Description = "Do it. The group must have no members." };
        var command = new Command("reset-offsets", "Moves the offsets from which a group reads on. Only shows them unless --execute is given.")
        {
            topics, allTopics, earliest, latest, current, offset, shift, date, duration, dryRun, execute,
        };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            if (parsed.GetValue(dryRun) && parsed.GetValue(execute))
            {
                throw new CommandFailure("--dry-run and --execute exclude each other");
            }

            using IAdminClient admin = session.Admin();
            string group = names.One(parsed);
            var reset = new OffsetReset(admin, session.Timeout, await GroupLag.CommittedAsync(admin, group, session.Timeout));
            TopicPartition[] partitions = parsed.GetValue(topics) is { Length: > 0 } chosen ? TopicSelection.Parse(chosen, admin, session.Timeout)
                : parsed.GetValue(allTopics) ? reset.Known
                : throw new CommandFailure("say which topics: --topic TOPIC or --all-topics");
            Func<Task<Dictionary<TopicPartition, long>>>[] ways =
            [
                .. Way(parsed.GetValue(earliest), () => reset.ToTimeAsync(partitions, OffsetSpec.Earliest())),
                .. Way(parsed.GetValue(latest), () => reset.ToTimeAsync(partitions, OffsetSpec.Latest())),
                .. Way(parsed.GetValue(current), () => reset.ShiftAsync(partitions, 0)),
                .. Way(parsed.GetValue(offset) is not null, () => reset.ToOffsetAsync(partitions, parsed.GetValue(offset)!.Value)),
                .. Way(parsed.GetValue(shift) is not null, () => reset.ShiftAsync(partitions, parsed.GetValue(shift)!.Value)),
                .. Way(parsed.GetValue(date) is not null, () => reset.ToTimeAsync(partitions, TopicOffsets.ParseTime(parsed.GetValue(date)!))),
                .. Way(parsed.GetValue(duration) is not null, () => reset.ToTimeAsync(partitions, OffsetSpec.ForTimestamp(Ago(parsed.GetValue(duration)!)))),
            ];
            Dictionary<TopicPartition, long> wanted = ways is [var way]
                ? await way()
                : throw new CommandFailure("say once where to: --to-earliest, --to-latest, --to-current, --to-offset N, --shift-by N, --to-datetime TIME or --by-duration P1D");
            if (parsed.GetValue(execute))
            {
                await ExecuteAsync(admin, group, wanted, session.Timeout);
            }
            else
            {
                await session.Errors.WriteLineAsync("freshet: nothing is changed; --execute does it");
            }

            session.Write(ReportOf(group, wanted, reset));
        });
        return command;
    }

    private static async Task ExecuteAsync(IAdminClient admin, string group, Dictionary<TopicPartition, long> wanted, TimeSpan timeout)
    {
        // A broker lets nobody but the members commit while there are some, and says so in the words of a stranger.
        DescribeConsumerGroupsResult described = await admin.DescribeConsumerGroupsAsync([group], new DescribeConsumerGroupsOptions { RequestTimeout = timeout });
        if (described.ConsumerGroupDescriptions[0] is { Members.Count: > 0 and var members })
        {
            throw new CommandFailure($"the group '{group}' has {members} members: stop them first");
        }

        await Outcome.OfEachAsync(
            () => admin.AlterConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitionOffsets(group, [.. wanted.Select(entry => new TopicPartitionOffset(entry.Key, entry.Value))])],
                new AlterConsumerGroupOffsetsOptions { RequestTimeout = timeout }),
            (AlterConsumerGroupOffsetsException failed) => failed.Results.SelectMany(result =>
                result.Partitions.Select(partition => (partition.TopicPartition.ToString(), partition.Error)).Append((group, result.Error))));
    }

    private static Report ReportOf(string group, Dictionary<TopicPartition, long> wanted, OffsetReset reset)
    {
        var report = new Report("group", "topic", "partition", "committed offset", "new offset");
        foreach ((TopicPartition partition, long offset) in wanted.OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition.Value))
        {
            report.Add(group, partition.Topic, partition.Partition.Value, reset.CommittedOf(partition), offset);
        }

        return report;
    }

    private static IEnumerable<Func<Task<Dictionary<TopicPartition, long>>>> Way(bool isWanted, Func<Task<Dictionary<TopicPartition, long>>> way) => isWanted ? [way] : [];

    private static long Ago(string duration)
    {
        try
        {
            return (TimeProvider.System.GetUtcNow() - XmlConvert.ToTimeSpan(duration)).ToUnixTimeMilliseconds();
        }
        catch (FormatException)
        {
            throw new CommandFailure($"'{duration}' is no duration: write P1D for a day, PT2H for two hours, PT30M for half an hour");
        }
    }
}
