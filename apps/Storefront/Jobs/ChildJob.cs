using System.Diagnostics;
using System.Globalization;

namespace Storefront.Jobs;

/// <summary>A job in a process of its own, so that it can be killed.</summary>
internal static class ChildJob
{
    private const string Progress = "progress ";

    /// <summary>Writes the line from which <see cref="RunAsync"/> knows how far a job is.</summary>
    public static void WriteProgress(TextWriter output, long written, long counted) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Progress}{written + counted}"));

    /// <summary>
    /// Runs the job in a child process. Kills it with SIGKILL when written rows and counted sale lines together reach a number.
    /// Returns whether it was killed; it has ended well otherwise.
    /// </summary>
    /// <exception cref="InvalidOperationException">The job has failed.</exception>
    public static async Task<bool> RunAsync(JobSettings settings, long? killAt, CancellationToken cancellation)
    {
        using Process process = Start(settings);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                if (line.StartsWith(Progress, StringComparison.Ordinal) && long.Parse(line.AsSpan(Progress.Length), CultureInfo.InvariantCulture) >= killAt)
                {
                    process.Kill();
                    await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
                    return true;
                }
            }

            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return process.ExitCode == 0
            ? false
            : throw new InvalidOperationException($"The job ended with {process.ExitCode}: {await errors.ConfigureAwait(false)}");
    }

    private static Process Start(JobSettings settings)
    {
        // Under `dotnet run` the process is the program itself; under `dotnet Storefront.dll` it is dotnet.
        string program = Path.Combine(AppContext.BaseDirectory, "Storefront.dll");
        var start = new ProcessStartInfo("dotnet", [program, "job", "--file", settings.File, "--data", settings.DataFolder, "--input", $"{settings.Input}", "--progress"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (settings.Speed is double speed)
        {
            start.ArgumentList.Add("--speed");
            start.ArgumentList.Add(speed.ToString(CultureInfo.InvariantCulture));
        }

        return Process.Start(start)!;
    }
}
