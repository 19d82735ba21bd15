using System.CommandLine;
using Storefront.Visitors;

namespace Storefront.Hosting;

/// <summary>The program without a verb: runs the shop until it is told to stop.</summary>
internal static class ShopCommand
{
    private const int UsualPagesPort = 5080;
    private const int UsualCoordinationPort = 2181;
    private const int UsualKafkaPort = 9092;

    /// <summary>Gives the root command its options and its action.</summary>
    public static void AddTo(RootCommand root)
    {
        Option<int?> port = Port("--port", $"Port of the web pages: {UsualPagesPort}, or a free one when that is taken.");
        Option<int?> coordinationPort = Port("--coordination-port", $"Port of the coordination service: {UsualCoordinationPort}, or a free one when that is taken.");
        Option<int?> kafkaPort = Port("--kafka-port", $"Port of the broker: {UsualKafkaPort}, or a free one when that is taken.");
        var data = new Option<string?>("--data") { Description = "Folder that keeps everything from one run to the next. Without it all is thrown away at the end." };
        var rate = new Option<int>("--rate")
        {
            Description = $"Events per second of the simulated visitors, 0 to {TrafficGenerator.MaxPerSecond}; the live page can change it.",
            DefaultValueFactory = _ => new StorefrontOptions().EventsPerSecond,
        };
        var seed = new Option<int>("--seed") { Description = "Same seed, same simulated visitors.", DefaultValueFactory = _ => new StorefrontOptions().Seed };
        var replay = new Option<FileInfo>("--replay") { Description = "Invoice log (.csv or .csv.gz) to replay; the shop then sells its items." };
        var speed = new Option<string>("--speed")
        {
            Description = "How many times faster than it happened the log is replayed, or max.",
            DefaultValueFactory = _ => "3600",
        };
        var logLevel = new Option<LogLevel>("--log-level") { Description = "What is logged to standard error.", DefaultValueFactory = _ => LogLevel.Warning };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > TrafficGenerator.MaxPerSecond)
            {
                result.AddError($"--rate goes from 0 to {TrafficGenerator.MaxPerSecond}.");
            }
        });

        replay.AcceptExistingOnly();
        speed.Validators.Add(result =>
        {
            if (!ReplaySpeed.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--speed is a number above 0, such as 60, or max.");
            }
        });

        foreach (Option option in new Option[] { port, coordinationPort, kafkaPort, data, rate, seed, replay, speed, logLevel })
        {
            root.Options.Add(option);
        }

        root.SetAction((parsed, stop) => ShopProcess.RunAsync(
            new StorefrontOptions
            {
                Port = parsed.GetValue(port) ?? UsualPort.OrFree(UsualPagesPort),
                CoordinationPort = parsed.GetValue(coordinationPort) ?? UsualPort.OrFree(UsualCoordinationPort),
                KafkaPort = parsed.GetValue(kafkaPort) ?? UsualPort.OrFree(UsualKafkaPort),
                DataDirectory = parsed.GetValue(data),
                EventsPerSecond = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
                ReplayFile = parsed.GetValue(replay)?.FullName,
                ReplaySpeed = ReplaySpeed.TryParse(parsed.GetValue(speed), out double? factor) ? factor : null,
                LogLevel = parsed.GetValue(logLevel),
            },
            parsed.InvocationConfiguration, stop));
    }

    private static Option<int?> Port(string name, string description)
    {
        var port = new Option<int?>(name) { Description = description };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > 65535)
            {
                result.AddError($"{name} goes from 0 (a free one) to 65535.");
            }
        });
        return port;
    }
}
