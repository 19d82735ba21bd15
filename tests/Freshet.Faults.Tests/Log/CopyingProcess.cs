using System.Diagnostics;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>
/// The program <c>Freshet.Faults.Copier</c>: it copies <see cref="From"/> to <see cref="To"/> in transactions, and is there to be killed.
/// </summary>
internal sealed class CopyingProcess : IDisposable
{
    public const string From = "numbers";
    public const string To = "copies";
    public const string Done = "done";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private CopyingProcess(Process process) => _process = process;

    public static CopyingProcess Start(string address, int partitions, long total, int seed)
    {
        string program = Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Freshet.Faults.Copier", "release", "Freshet.Faults.Copier");
        var start = new ProcessStartInfo(program, [address, $"{partitions}", $"{total}", $"{seed}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new CopyingProcess(Process.Start(start)!);
    }

    /// <summary>The step that it takes next; null when it has ended.</summary>
    public async Task<string?> StepAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(deadline.Token);
    }

    /// <summary>What it said when it ended by itself.</summary>
    public async Task<string> ErrorsAsync() => await _process.StandardError.ReadToEndAsync();

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
