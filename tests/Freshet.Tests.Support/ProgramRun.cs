using System.Diagnostics;

namespace Freshet.Tests.Support;

/// <summary>Another program, run to its end.</summary>
/// <param name="ExitCode">0 when it succeeded, by custom.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs the program; kills it when it takes longer than a minute.</summary>
    /// <param name="input">Given to it on standard input.</param>
    /// <param name="environment">Variables set for it in addition.</param>
    public static async Task<ProgramRun> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", params IEnumerable<(string Name, string Value)> environment)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within a minute.");
        }
    }
}
