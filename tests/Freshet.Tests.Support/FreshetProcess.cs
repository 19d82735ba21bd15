using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Freshet.Tests.Support;

/// <summary>The freshet command as a process of its own, for tests that stop it gently or kill it.</summary>
public sealed class FreshetProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();

    private FreshetProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Deliver(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Deliver(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process id, for reading its CPU time or injecting faults.</summary>
    public int Id => _process.Id;

    /// <summary>Where the freshet command is.</summary>
    public static string Program => Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Freshet.Cli", "release", "freshet");

    /// <summary>Starts <c>freshet</c> with the arguments.</summary>
    public static FreshetProcess Start(params IEnumerable<string> arguments) =>
        // A shell's background job ignores SIGINT, and so do its children, unless env takes that back.
        OperatingSystem.IsLinux() ? StartUnder(["env", "--default-signal=INT"], arguments) : StartUnder([], arguments);

    /// <summary>Starts <c>freshet</c> by way of another program, such as one that traces it.</summary>
    /// <param name="starter">That program and its own arguments.</param>
    public static FreshetProcess StartUnder(IEnumerable<string> starter, IEnumerable<string> arguments)
    {
        string[] all = [.. starter, Program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new FreshetProcess(Process.Start(start)!);
    }

    /// <summary>
    /// A port nobody listens on now, for a server that cannot choose or must come back on the same one. It lies below those that the
    /// system gives to outgoing connections, one of which might otherwise take it before the server does.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(12_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    /// <summary>Waits for the line "SERVICE ready on ADDRESS" and returns the address.</summary>
    public async Task<string> ReadyAsync(string service)
    {
        using var deadline = new CancellationTokenSource(Patience);
        string start = $"{service} ready on ";
        await foreach (string line in _output.Reader.ReadAllAsync(deadline.Token))
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line[start.Length..];
            }
        }

        throw new InvalidOperationException($"freshet ended before its {service} was ready: {await ErrorsAsync()}");
    }

    /// <summary>The next line of output.</summary>
    public async Task<string> LineAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _output.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>Ends the process as a crash would: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop (SIGTERM by default) and returns its exit code.</summary>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    /// <summary>Waits for the process to end by itself and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Everything written to standard error, once the process has ended.</summary>
    public async Task<string> ErrorsAsync()
    {
        var lines = new List<string>();
        await foreach (string line in _errors.Reader.ReadAllAsync())
        {
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Kills the process if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Deliver(Channel<string> lines, string? line)
    {
        if (line is null)
        {
            lines.Writer.TryComplete();
        }
        else
        {
            lines.Writer.TryWrite(line);
        }
    }
}
