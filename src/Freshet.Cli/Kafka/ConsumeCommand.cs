using System.CommandLine;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet consume</c>: writes records of a topic, as they come or until the end.</summary>
internal static class ConsumeCommand
{
    public static Command Create()
    {
        var flags = new KafkaFlags();
        var names = new NameArgument("topic", "--topic");
        var group = new Option<string?>("--group", "-g") { Description = "Read as a member of this group, and commit; without it, all partitions are read and nothing is kept." };
        var protocol = new Option<GroupProtocol>("--group-protocol") { Description = "classic or consumer (KIP-848).", DefaultValueFactory = _ => GroupProtocol.Classic };
        var beginning = new Option<bool>("--from-beginning") { Description = "Begin with the first record; a group only where it has no offset." };
        var partition = new Option<int?>("--partition", "-p") { Description = "Only this partition." };
        var offset = new Option<string?>("--offset", "-o") { Description = "Begin at this offset, time or date; -N begins N records before the end of each partition." };
        var most = new Option<long?>("--max-messages", "-n") { Description = "End after so many records." };
        var toEnd = new Option<bool>("--until-end", "-e") { Description = "End when all that is there has been read." };
        var idle = new Option<int?>("--timeout-ms") { Description = "End when no record came for so long." };
        var keys = new Option<bool>("--keys") { Description = "Write the key and a tab before each value." };
        var none = new Option<string>("--null") { Description = "What to write for no key or no value.", DefaultValueFactory = _ => "" };
        var isolation = new Option<bool>("--read-uncommitted") { Description = "Also records of transactions that are open or were aborted." };
        var command = new Command("consume", "Writes the records of a topic, one a line.")
        {
            group, protocol, beginning, partition, offset, most, toEnd, idle, keys, none, isolation,
        };
        names.AddTo(command);
        flags.AddTo(command);
        flags.Run(command, async (session, parsed, stop) =>
        {
            var reading = new RecordReading(
                names.One(parsed), parsed.GetValue(group), parsed.GetValue(protocol), parsed.GetValue(beginning), parsed.GetValue(partition), parsed.GetValue(offset),
                parsed.GetValue(most) ?? long.MaxValue, parsed.GetValue(toEnd), parsed.GetValue(idle) is int wait ? TimeSpan.FromMilliseconds(wait) : null,
                parsed.GetValue(isolation) ? IsolationLevel.ReadUncommitted : IsolationLevel.ReadCommitted);
            using var output = new RecordOutput(StandardOutput.Open(), session.AsJson, parsed.GetValue(keys), parsed.GetValue(none)!);
            try
            {
                await Task.Run(() => reading.RunAsync(session, output, stop), CancellationToken.None);
            }
            catch (IOException failure) when (StandardOutput.IsUnread(failure))
            {
                // As with any program of a pipe, that is how it ends.
            }
        });
        return command;
    }
}
