using System.Diagnostics;

namespace Freshet.Tests.Support;

/// <summary>Apache Kafka from the peers folder, started for tests that hold Freshet against it.</summary>
public sealed class ApacheKafka : IAsyncDisposable
{
    private const int MaxAttempts = 3;

    private readonly TemporaryFolder _folder;

    private ApacheKafka(TemporaryFolder folder, int port)
    {
        _folder = folder;
        BootstrapServers = $"127.0.0.1:{port}";
        SaslBootstrapServers = $"127.0.0.1:{port + 2}";
    }

    /// <summary>Whether there is one to start.</summary>
    public static bool IsPresent => Peers.KafkaStart is not null;

    /// <summary>Its address.</summary>
    public string BootstrapServers { get; }

    /// <summary>Its address for clients that sign in, as admin or user with the name as password, when it was started with rules.</summary>
    public string SaslBootstrapServers { get; }

    /// <summary>Starts one broker on a free port and waits until it answers.</summary>
    /// <param name="withRules">Whether it asks for permission, of everyone but admin and who does not sign in.</param>
    public static async Task<ApacheKafka> StartAsync(bool withRules = false)
    {
        // It takes more ports, counted from the one it is given, and somebody may take one of them first.
        for (int attempt = 1; ; attempt++)
        {
            var folder = new TemporaryFolder();
            int port = FreshetProcess.FreePort();
            try
            {
                await RunAsync(Peers.KafkaStart!, ["-d", folder.Path, "-p", $"{port}", .. withRules ? ["-s"] : Array.Empty<string>()]);
                return new ApacheKafka(folder, port);
            }
            catch (InvalidOperationException) when (attempt < MaxAttempts)
            {
                folder.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync(Path.Combine(Path.GetDirectoryName(Peers.KafkaStart!)!, "stop"), _folder.Path);
        _folder.Dispose();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Not redirected: the server inherits the streams and would keep them open for ever.
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
