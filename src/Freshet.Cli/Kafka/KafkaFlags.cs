using System.CommandLine;

namespace Freshet.Cli.Kafka;

/// <summary>Options that all commands about topics and groups share, and the way they are run.</summary>
internal sealed class KafkaFlags
{
    private readonly Option<string> _servers = new("--bootstrap-server", "--bootstrap-servers", "-b")
    {
        Description = "HOST:PORT[,HOST:PORT...] of brokers, Freshet's or Apache Kafka's.",
        DefaultValueFactory = _ => "127.0.0.1:9092",
        Recursive = true,
    };

    private readonly Option<FileInfo?> _file = new("--command-config") { Description = "File of NAME=VALUE lines with settings of librdkafka, such as those of TLS and SASL.", Recursive = true };

    private readonly Option<string[]> _settings = new("-X") { Description = "NAME=VALUE: one setting of librdkafka.", Recursive = true };

    private readonly Option<int> _timeout = new("--timeout") { Description = "How long to wait for an answer, in milliseconds.", DefaultValueFactory = _ => 15_000, Recursive = true };

    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON.", Recursive = true };

    public void AddTo(Command command)
    {
        command.Add(_servers);
        command.Add(_file);
        command.Add(_settings);
        command.Add(_timeout);
        command.Add(_json);
    }

    /// <summary>Makes a command do this; what it finds wrong is told on standard error and by exit code 1.</summary>
    public void Run(Command command, Func<KafkaSession, ParseResult, CancellationToken, Task> action) => command.SetAction(async (parsed, stop) =>
    {
        TextWriter errors = parsed.InvocationConfiguration.Error;
        KafkaSession? session = null;
        try
        {
            session = SessionOf(parsed);
            await action(session, parsed, stop);
            return 0;
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            await errors.WriteLineAsync($"freshet: {session!.Explain(failure)}");
            return 1;
        }
        catch (Exception failure) when (failure is CommandFailure or IOException or ArgumentException or InvalidOperationException)
        {
            await errors.WriteLineAsync($"freshet: {failure.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    });

    private KafkaSession SessionOf(ParseResult parsed)
    {
        IEnumerable<string> lines = parsed.GetValue(_file) is { } file
            ? File.ReadLines(file.FullName).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            : [];
        if (parsed.GetValue(_timeout) is <= 0 and var timeout)
        {
            throw new CommandFailure($"--timeout is a number of milliseconds above zero, not {timeout}");
        }

        return new KafkaSession(
            ServerAddresses.Check(parsed.GetValue(_servers)!), [.. lines.Concat(parsed.GetValue(_settings) ?? []).Select(NameValue.Parse)],
            TimeSpan.FromMilliseconds(parsed.GetValue(_timeout)), parsed.GetValue(_json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
    }
}
