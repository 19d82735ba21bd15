using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Does one thing to several topics or groups, and says what became of each.</summary>
internal static class Outcome
{
    /// <exception cref="CommandFailure">It failed for some; the message names each.</exception>
    public static async Task OfEachAsync<TFailure>(
        Func<Task> act, Func<TFailure, IEnumerable<(string Name, Error Error)>> results, ErrorCode? tolerated = null)
        where TFailure : KafkaException
    {
        try
        {
            await act();
        }
        catch (TFailure failure)
        {
            (string Name, Error Error)[] failed = [.. results(failure).Where(result => result.Error.IsError && result.Error.Code != tolerated)];
            if (failed.Length > 0)
            {
                throw new CommandFailure(string.Join("\nfreshet: ", failed.Select(result => $"{result.Name}: {result.Error.Reason}")));
            }
        }
    }

    public static void Say(KafkaSession session, IEnumerable<string> names, string what)
    {
        if (session.AsJson)
        {
            var report = new Report("name", "result");
            names.ToList().ForEach(name => report.Add(name, what));
            session.Write(report);
        }
        else
        {
            names.ToList().ForEach(name => session.Output.WriteLine($"{name}: {what}"));
        }
    }
}
