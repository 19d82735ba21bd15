using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>
/// One case of a file of talks with a broker: requests, and the answers that Apache Kafka gave to them. <c>README.md</c> beside the files
/// says how they are written.
/// </summary>
/// <param name="Lines">The case's lines, without its title.</param>
internal sealed partial record Transcript(string File, string Title, string[] Lines)
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Log", "Wire");

    public override string ToString() => $"{File}: {Title}";

    /// <summary>All cases of a file.</summary>
    public static IEnumerable<Transcript> ReadAll(string file)
    {
        string text = System.IO.File.ReadAllText(Path.Combine(Folder, file + ".txt"));
        foreach (string part in Titles().Split(text).Skip(1))
        {
            string[] lines = part.Split('\n');
            yield return new Transcript(file, lines[0].Trim(), [.. lines.Skip(1).Where(line => line.Trim().Length > 0 && !line.StartsWith('#'))]);
        }
    }

    /// <summary>The case as one of the two brokers is to play it: where they differ, <c>apache</c> or <c>freshet</c> begins the line.</summary>
    public string[] Of(string broker)
    {
        string other = broker == "apache" ? "  freshet " : "  apache ";
        return [.. Lines.Where(line => !line.StartsWith(other, StringComparison.Ordinal)).Select(line => line.Replace($"  {broker} ", "  ", StringComparison.Ordinal))];
    }

    /// <summary>Asks a server all of it, and writes the case down again with the server's answers in place of those that are there.</summary>
    public async Task<string[]> PlayAsync(WireServer server, string broker)
    {
        var names = new TranscriptNames();
        var written = new List<string>();
        string[] lines = Of(broker);
        for (int at = 0; at < lines.Length; at++)
        {
            written.Add(lines[at]);
            var told = new List<string>();
            while (at + 1 < lines.Length && lines[at + 1].StartsWith(' '))
            {
                told.Add(lines[++at]);
            }

            written.AddRange(await StepAsync(server, written[^1], told, names));
        }

        return [.. written];
    }

    private static async Task<IEnumerable<string>> StepAsync(WireServer server, string line, List<string> told, TranscriptNames names)
    {
        if (line.StartsWith("topic ", StringComparison.Ordinal))
        {
            await CreateTopicAsync(server, line.Split(' ')[1..], names);
            return [];
        }

        Match step = Step().Match(line);
        if (!step.Success)
        {
            throw new FormatException($"'{line}' is neither a request nor the creation of a topic.");
        }

        string[] keeps = [.. told.Where(each => each.StartsWith("  keep ", StringComparison.Ordinal))];
        string expected = string.Join('\n', told.Except(keeps));
        bool repeats = step.Groups["repeats"].Length > 0;
        List<string> answers;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(repeats ? 5 : 0));
        do
        {
            answers = await AskAsync(server, step, keeps, names);
        }
        while (repeats && string.Join('\n', answers) != expected && !patience.IsCancellationRequested);
        return [.. answers, .. keeps];
    }

    private static async Task<List<string>> AskAsync(WireServer server, Match step, string[] keeps, TranscriptNames names)
    {
        if (step.Groups["bytes"].Success)
        {
            byte[]? answer = await server.ExchangeAsync(Convert.FromHexString(step.Groups["bytes"].Value));
            return [$"  {(answer is null ? "closed" : Convert.ToHexStringLower(answer))}"];
        }

        string api = step.Groups["api"].Value;

        short first = short.Parse(step.Groups["first"].Value, CultureInfo.InvariantCulture);
        short last = step.Groups["last"].Success ? short.Parse(step.Groups["last"].Value, CultureInfo.InvariantCulture) : first;
        var answers = new List<(short Version, string Text)>();
        for (short version = first; version <= last; version++)
        {
            answers.Add((version, await AskAsync(server, api, version, step, keeps, names)));
        }

        return [.. Grouped(answers, first == last)];
    }

    private static async Task<string> AskAsync(WireServer server, string api, short version, Match step, string[] keeps, TranscriptNames names)
    {
        JsonObject request = LooseJson.ParseFields(names.Insert(step.Groups["body"].Value));
        bool awaited = step.Groups["silent"].Length == 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            JsonObject? answer = await server.AskAsync(api, version, request.DeepClone().AsObject(), awaited);
            if (answer is null)
            {
                return awaited ? "closed" : "sent";
            }

            // A coordinator that has just been made, or that still ends a transaction, asks to come back.
            if (!PassingErrors().IsMatch(answer.ToJsonString()) || patience.IsCancellationRequested)
            {
                foreach (string keep in keeps)
                {
                    string[] words = keep.Trim().Split(' ');
                    names.Keep(words[1], words[2], answer);
                }

                return LooseJson.Print(names.Mask(answer));
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static IEnumerable<string> Grouped(List<(short Version, string Text)> answers, bool single)
    {
        for (int at = 0; at < answers.Count; at++)
        {
            short first = answers[at].Version;
            while (at + 1 < answers.Count && answers[at + 1].Text == answers[at].Text)
            {
                at++;
            }

            yield return single ? $"  {answers[at].Text}" : first == answers[at].Version ? $"  {first} {answers[at].Text}" : $"  {first}-{answers[at].Version} {answers[at].Text}";
        }
    }

    private static async Task CreateTopicAsync(WireServer server, string[] words, TranscriptNames names)
    {
        string name = names.Insert(words[0]);
        string[][] settings = [.. words.Skip(1).Select(word => word.Split('=', 2))];
        string count = settings.FirstOrDefault(each => each[0] == "partitions")?[1] ?? "1";
        JsonObject wanted = LooseJson.ParseFields($"topics:[{{name:{name} partitions:{count} configs:[]}}]");
        foreach (string[] setting in settings.Where(each => each[0] != "partitions"))
        {
            wanted["topics"]![0]!["configs"]!.AsArray().Add(new JsonObject { ["name"] = setting[0], ["value"] = setting[1] });
        }

        JsonNode created = (await server.AskAsync("CreateTopics", 7, wanted))!["topics"]![0]!;
        if (created["error"]!.ToString() != "None")
        {
            throw new InvalidOperationException($"{name} was not created: {created}");
        }

        names.Know(words[0] + ".id", created["id"]!.ToString());
        // Apache Kafka's controller has made it then; its broker leads the partitions a moment later.
        string partitions = string.Join(' ', Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(index => $"{{index:{index} time:-1}}"));
        JsonObject asked = LooseJson.ParseFields($"topics:[{{name:{name} partitions:[{partitions}]}}]");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await server.AskAsync("ListOffsets", 7, asked))!["topics"]![0]!["partitions"]!.AsArray().Any(each => each!["error"]!.ToString() != "None"))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    [GeneratedRegex("^== ", RegexOptions.Multiline)]
    private static partial Regex Titles();

    [GeneratedRegex(@"^Bytes (?<bytes>[0-9a-f]*)$|^(?<repeats>~)?(?<silent>!)?(?<api>\w+) ((?<first>\d+)(-(?<last>\d+))?( |$))?(?<body>.*)$")]
    private static partial Regex Step();

    [GeneratedRegex("\"(CoordinatorLoadInProgress|CoordinatorNotAvailable|NotCoordinator|ConcurrentTransactions)\"")]
    private static partial Regex PassingErrors();
}
