using System.Diagnostics;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Does one thing to several topics or groups, and says what became of each.</summary>
internal static class Outcome
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Does it, again for a while if the groups' coordinator is only just starting.</summary>
    /// <returns>Names for which it failed as was to be tolerated.</returns>
    /// <exception cref="CommandFailure">It failed for some; the message names each.</exception>
    public static async Task<IReadOnlyCollection<string>> OfEachAsync<TFailure>(
        Func<Task> act, Func<TFailure, IEnumerable<(string Name, Error Error)>> results, ErrorCode? tolerated = null)
        where TFailure : KafkaException
    {
        for (var waiting = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            try
            {
                await act();
                return [];
            }
            catch (TFailure failure)
            {
                (string Name, Error Error)[] all = [.. results(failure)];
                (string Name, Error Error)[] failed = [.. all.Where(result => result.Error.IsError && result.Error.Code != tolerated)];
                if (failed.Length == 0)
                {
                    return [.. all.Where(result => result.Error.IsError).Select(result => result.Name)];
                }

                if (waiting.Elapsed > Patience || !all.All(result => IsPassing(result.Error.Code)))
                {
                    throw new CommandFailure(string.Join("\nfreshet: ", failed.Select(result => $"{result.Name}: {ReasonOf(result.Error)}")));
                }
            }
        }
    }

    public static void Say(KafkaSession session, IEnumerable<string> names, string what) => Say(session, names.Select(name => (name, what)));

    /// <summary>Says what became of each name.</summary>
    public static void Say(KafkaSession session, IEnumerable<(string Name, string What)> results)
    {
        var report = new Report("name", "result");
        foreach ((string name, string what) in results)
        {
            report.Add(name, what);
            if (!session.AsJson)
            {
                session.Output.WriteLine($"{name}: {what}");
            }
        }

        if (session.AsJson)
        {
            session.Write(report);
        }
    }

    private static bool IsPassing(ErrorCode code) => code is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup;

    /// <summary>What the broker said; some brokers give a code and leave the text behind the request's name empty.</summary>
    private static string ReasonOf(Error error) => error.Reason.TrimEnd().EndsWith(':') ? $"{error.Reason.TrimEnd()} {new Error(error.Code).Reason}" : error.Reason;
}
