using System.CommandLine;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet topic</c>: lists, makes, changes and deletes topics.</summary>
internal static class TopicCommand
{
    public static Command Create()
    {
        var flags = new KafkaFlags();
        var command = new Command("topic", "Lists, makes, changes and deletes topics of any Kafka broker.")
        {
            List(flags), Make(flags), Describe(flags), Alter(flags), Delete(flags), Offsets(flags), DeleteRecords(flags),
        };
        flags.AddTo(command);
        return command;
    }

    private static Command List(KafkaFlags flags)
    {
        var all = new Option<bool>("--internal") { Description = "Internal topics too." };
        var command = new Command("list", "Lists the topics.") { all };
        flags.Run(command, (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            var report = new Report("topic", "partitions", "replicas");
            foreach (TopicMetadata topic in TopicOffsets.Find(admin, [], session.Timeout))
            {
                if (parsed.GetValue(all) || !topic.Topic.StartsWith("__", StringComparison.Ordinal))
                {
                    report.Add(topic.Topic, topic.Partitions.Count, topic.Partitions.Count == 0 ? 0 : topic.Partitions[0].Replicas.Length);
                }
            }

            session.Write(report);
            return Task.CompletedTask;
        });
        return command;
    }

    private static Command Make(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var partitions = new Option<int>("--partitions") { Description = "Number of partitions; the broker's default without it.", DefaultValueFactory = _ => -1 };
        var replicas = new Option<short>("--replication-factor") { Description = "Copies of each partition; the broker's default without it.", DefaultValueFactory = _ => -1 };
        var settings = new Option<string[]>("--config") { Description = "NAME=VALUE: a setting of the topic." };
        var lenient = new Option<bool>("--if-not-exists") { Description = "Be content with a topic that exists." };
        var command = new Command("create", "Makes topics.") { partitions, replicas, settings, lenient };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            var configs = (parsed.GetValue(settings) ?? []).Select(NameValue.Parse).ToDictionary(setting => setting.Key, setting => setting.Value);
            TopicSpecification[] topics = [.. names.Some(parsed).Select(name => new TopicSpecification
            {
                Name = name,
                NumPartitions = parsed.GetValue(partitions),
                ReplicationFactor = parsed.GetValue(replicas),
                Configs = configs,
            })];
            IReadOnlyCollection<string> there = await Outcome.OfEachAsync(
                () => admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = session.Timeout }),
                (CreateTopicsException failed) => failed.Results.Select(result => (result.Topic, result.Error)),
                parsed.GetValue(lenient) ? ErrorCode.TopicAlreadyExists : null);
            Outcome.Say(session, topics.Select(topic => (topic.Name, there.Contains(topic.Name) ? "exists already" : "created")));
        });
        return command;
    }

    private static Command Describe(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var command = new Command("describe", "Shows the partitions of topics: where they are, and the offsets in them.");
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            TopicMetadata[] topics = TopicOffsets.Find(admin, names.All(parsed), session.Timeout);
            TopicPartition[] partitions = [.. topics.SelectMany(TopicOffsets.PartitionsOf)];
            Dictionary<TopicPartition, long> starts = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Earliest(), session.Timeout);
            Dictionary<TopicPartition, long> ends = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Latest(), session.Timeout);
            var report = new Report("topic", "partition", "leader", "replicas", "in sync", "start offset", "end offset");
            foreach (TopicMetadata topic in topics)
            {
                foreach (PartitionMetadata partition in topic.Partitions.OrderBy(partition => partition.PartitionId))
                {
                    var key = new TopicPartition(topic.Topic, partition.PartitionId);
                    report.Add(topic.Topic, partition.PartitionId, partition.Leader, partition.Replicas, partition.InSyncReplicas, starts[key], ends[key]);
                }
            }

            session.Write(report);
        });
        return command;
    }

    private static Command Alter(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var partitions = new Option<int>("--partitions") { Description = "New number of partitions, more than before.", Required = true };
        var command = new Command("alter", "Gives topics more partitions. Keys then go to other partitions than before.") { partitions };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            string[] topics = names.Some(parsed);
            await Outcome.OfEachAsync(
                () => admin.CreatePartitionsAsync(
                    topics.Select(topic => new PartitionsSpecification { Topic = topic, IncreaseTo = parsed.GetValue(partitions) }),
                    new CreatePartitionsOptions { RequestTimeout = session.Timeout }),
                (CreatePartitionsException failed) => failed.Results.Select(result => (result.Topic, result.Error)));
            Outcome.Say(session, topics, "altered");
        });
        return command;
    }

    private static Command Delete(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var lenient = new Option<bool>("--if-exists") { Description = "Be content with a topic that is missing." };
        var command = new Command("delete", "Deletes topics and all that is in them.") { lenient };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            string[] topics = names.Some(parsed);
            IReadOnlyCollection<string> missing = await Outcome.OfEachAsync(
                () => admin.DeleteTopicsAsync(topics, new DeleteTopicsOptions { RequestTimeout = session.Timeout }),
                (DeleteTopicsException failed) => failed.Results.Select(result => (result.Topic, result.Error)),
                parsed.GetValue(lenient) ? ErrorCode.UnknownTopicOrPart : null);
            Outcome.Say(session, topics.Select(topic => (topic, missing.Contains(topic) ? "was not there" : "deleted")));
        });
        return command;
    }

    private static Command Offsets(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var time = new Option<string>("--time") { Description = "earliest, latest, max-timestamp, milliseconds since 1970 or a date.", DefaultValueFactory = _ => "latest" };
        var command = new Command("offsets", "Shows the first offset at or after a time in each partition; '-' when there is none.") { time };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            OffsetSpec moment = TopicOffsets.ParseTime(parsed.GetValue(time)!);
            Dictionary<TopicPartition, long> offsets = await TopicOffsets.AtAsync(
                admin, TopicOffsets.PartitionsOf(admin, names.Some(parsed), session.Timeout), moment, session.Timeout);
            var report = new Report("topic", "partition", "offset");
            foreach ((TopicPartition partition, long offset) in offsets.OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition.Value))
            {
                report.Add(partition.Topic, partition.Partition.Value, offset < 0 ? null : offset);
            }

            session.Write(report);
        });
        return command;
    }

    private static Command DeleteRecords(KafkaFlags flags)
    {
        var names = new NameArgument("topic", "--topic");
        var partition = new Option<int?>("--partition") { Description = "Only this partition." };
        var before = new Option<long?>("--before-offset") { Description = "First offset to keep; without it, everything goes." };
        var command = new Command("delete-records", "Deletes the oldest records of a topic.") { partition, before };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            IEnumerable<TopicPartition> partitions = TopicOffsets.PartitionsOf(admin, [names.One(parsed)], session.Timeout)
                .Where(each => parsed.GetValue(partition) is null || each.Partition.Value == parsed.GetValue(partition));
            List<DeleteRecordsResult> deleted = await admin.DeleteRecordsAsync(
                partitions.Select(each => new TopicPartitionOffset(each, parsed.GetValue(before) is long offset ? offset : Offset.End)),
                new DeleteRecordsOptions { RequestTimeout = session.Timeout });
            var report = new Report("topic", "partition", "start offset");
            deleted.ForEach(each => report.Add(each.Topic, each.Partition.Value, each.Offset.Value));
            session.Write(report);
        });
        return command;
    }
}
