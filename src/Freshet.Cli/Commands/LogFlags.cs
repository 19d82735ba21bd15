using System.CommandLine;
using Freshet.Broker.Logging;
using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Commands;

/// <summary>What is logged to standard error, and in which form.</summary>
/// <param name="Level">The least level.</param>
/// <param name="Format">text for people, json for machines: one object per line with the fields of the message.</param>
internal sealed record LogFlags(LogLevel Level, string Format)
{
    private const string Json = "json";

    private static readonly Option<string> LevelOption = new Option<string>("--log-level")
    {
        Description = "Least level that is logged to standard error.",
        DefaultValueFactory = _ => "warning",
    }.AcceptOnlyFromAmong("trace", "debug", "information", "warning", "error", "critical", "none");

    private static readonly Option<string> FormatOption = new Option<string>("--log-format")
    {
        Description = "Form of the log: text, or json with one object per line.",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", Json);

    public static void AddTo(Command command)
    {
        command.Options.Add(LevelOption);
        command.Options.Add(FormatOption);
    }

    public static LogFlags Read(ParseResult parsed) =>
        new(Enum.Parse<LogLevel>(parsed.GetValue(LevelOption)!, ignoreCase: true), parsed.GetValue(FormatOption)!);

    /// <summary>Loggers of which all is written that their level lets through, so that an admin client can raise and lower it.</summary>
    public AdjustableLoggers Create() => new(LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Trace).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Format == Json)
        {
            logging.AddJsonConsole(json => json.TimestampFormat = "O");
        }
    }), Level);
}
