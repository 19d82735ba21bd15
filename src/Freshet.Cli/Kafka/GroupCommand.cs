using System.CommandLine;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet group</c>: lists groups, shows their lag and members, moves and deletes their offsets.</summary>
internal static class GroupCommand
{
    public static Command Create()
    {
        var flags = new KafkaFlags();
        var command = new Command("group", "Looks at consumer groups of any Kafka broker, moves their offsets, deletes them.")
        {
            List(flags), Describe(flags), Members(flags), ResetOffsetsCommand.Create(flags), Delete(flags), DeleteOffsets(flags),
        };
        flags.AddTo(command);
        return command;
    }

    private static Command List(KafkaFlags flags)
    {
        var command = new Command("list", "Lists the groups.");
        flags.Run(command, async (session, _, _) =>
        {
            using IAdminClient admin = session.Admin();
            var report = new Report("group", "type", "state");
            ListConsumerGroupsResult groups = await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = session.Timeout });
            foreach (ConsumerGroupListing group in groups.Valid.OrderBy(group => group.GroupId, StringComparer.Ordinal))
            {
                report.Add(group.GroupId, $"{group.Type}".ToLowerInvariant(), $"{group.State}");
            }

            session.Write(report);
        });
        return command;
    }

    private static Command Describe(KafkaFlags flags)
    {
        var names = new NameArgument("group", "--group");
        var members = new Option<bool>("--members") { Description = "The members instead of the offsets, as 'freshet group members' shows them.", Hidden = true };
        var state = new Option<bool>("--state") { Description = "Only the state of the groups." };
        var command = new Command("describe", "Shows how far groups have read, how much is left, and who reads it.") { members, state };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            IReadOnlyList<ConsumerGroupDescription> groups = await DescribeAsync(admin, names.Some(parsed), session.Timeout);
            session.Write(
                parsed.GetValue(members) ? MembersOf(groups)
                : parsed.GetValue(state) ? StatesOf(groups)
                : await GroupLag.OfAsync(admin, groups, session.Timeout));
        });
        return command;
    }

    private static Command Members(KafkaFlags flags)
    {
        var names = new NameArgument("group", "--group");
        var command = new Command("members", "Shows the members of groups and the partitions each has.");
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            session.Write(MembersOf(await DescribeAsync(admin, names.Some(parsed), session.Timeout)));
        });
        return command;
    }

    private static Command Delete(KafkaFlags flags)
    {
        var names = new NameArgument("group", "--group");
        var command = new Command("delete", "Deletes groups without members, and their offsets.");
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            string[] groups = names.Some(parsed);
            await Outcome.OfEachAsync(
                () => admin.DeleteGroupsAsync(groups, new DeleteGroupsOptions { RequestTimeout = session.Timeout }),
                (DeleteGroupsException failed) => failed.Results.Select(result => (result.Group, result.Error)));
            Outcome.Say(session, groups, "deleted");
        });
        return command;
    }

    private static Command DeleteOffsets(KafkaFlags flags)
    {
        var names = new NameArgument("group", "--group");
        var topics = new Option<string[]>("--topic") { Description = "TOPIC or TOPIC:PARTITION,PARTITION...", Required = true };
        var command = new Command("delete-offsets", "Deletes a group's offsets of topics that no member reads.") { topics };
        names.AddTo(command);
        flags.Run(command, async (session, parsed, _) =>
        {
            using IAdminClient admin = session.Admin();
            string group = names.One(parsed);
            TopicPartition[] partitions = TopicSelection.Parse(parsed.GetValue(topics)!, admin, session.Timeout);
            await Outcome.OfEachAsync(
                () => admin.DeleteConsumerGroupOffsetsAsync(group, partitions, new DeleteConsumerGroupOffsetsOptions { RequestTimeout = session.Timeout }),
                (DeleteConsumerGroupOffsetsException failed) => failed.Result.Partitions.Select(result => (result.TopicPartition.ToString(), result.Error))
                    .Append((group, failed.Error)));
            Outcome.Say(session, partitions.Select(partition => $"{partition.Topic}-{partition.Partition.Value}"), "deleted");
        });
        return command;
    }

    private static async Task<IReadOnlyList<ConsumerGroupDescription>> DescribeAsync(IAdminClient admin, string[] groups, TimeSpan timeout)
    {
        List<ConsumerGroupDescription> described = [];
        await Outcome.OfEachAsync(
            async () => described = (await admin.DescribeConsumerGroupsAsync(groups, new DescribeConsumerGroupsOptions { RequestTimeout = timeout })).ConsumerGroupDescriptions,
            (DescribeConsumerGroupsException failed) => failed.Results.ConsumerGroupDescriptions.Select(result => (result.GroupId, result.Error)));
        return described.Find(group => group.State == ConsumerGroupState.Dead) is { } missing
            ? throw new CommandFailure($"there is no group '{missing.GroupId}'")
            : described;
    }

    private static Report StatesOf(IEnumerable<ConsumerGroupDescription> groups)
    {
        var report = new Report("group", "state", "assignor", "members", "coordinator");
        foreach (ConsumerGroupDescription group in groups)
        {
            report.Add(
                group.GroupId, $"{group.State}", group.PartitionAssignor, group.Members.Count,
                group.Coordinator is { } node ? $"{node.Host}:{node.Port}" : null);
        }

        return report;
    }

    private static Report MembersOf(IEnumerable<ConsumerGroupDescription> groups)
    {
        var report = new Report("group", "member", "instance", "client", "host", "partitions");
        foreach (ConsumerGroupDescription group in groups)
        {
            foreach (MemberDescription member in group.Members.OrderBy(member => member.ConsumerId, StringComparer.Ordinal))
            {
                IEnumerable<string> partitions = member.Assignment.TopicPartitions
                    .GroupBy(partition => partition.Topic)
                    .Select(topic => $"{topic.Key}({string.Join(',', topic.Select(partition => partition.Partition.Value).Order())})");
                report.Add(group.GroupId, member.ConsumerId, member.GroupInstanceId, member.ClientId, member.Host, partitions.ToArray());
            }
        }

        return report;
    }
}
