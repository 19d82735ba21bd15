using System.Diagnostics;
using Storefront.Invoices;

namespace Storefront.Jobs;

/// <summary>Runs the retail topology in every way over one invoice log and compares each result with LINQ's.</summary>
/// <param name="file">The invoice log.</param>
/// <param name="folder">Where the jobs keep their data, each in a folder of its own that must not exist yet.</param>
/// <param name="speed">Seconds of the log that are replayed in one second; null is as fast as it goes.</param>
/// <param name="output">Where to report.</param>
internal sealed class RetailVerification(string file, string folder, double? speed, TextWriter output)
{
    /// <summary>Returns 0 when every figure of every way is equal, else 1.</summary>
    public async Task<int> RunAsync(int kills, int seed, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        long rows = 0;
        RetailFigures expected = RetailFigures.Compute(InvoiceLog.Read(file, new RejectedRows()).Select(line =>
        {
            rows++;
            return line;
        }));
        output.WriteLine(FormattableString.Invariant(
            $"LINQ: {rows:N0} rows, {expected.Sales.Count:N0} items, {expected.Revenue.Count:N0} windows, {expected.CoPurchases.Count:N0} pairs in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));

        bool equal = true;
        foreach (JobInput input in Enum.GetValues<JobInput>())
        {
            equal &= await CheckAsync($"{input}", SettingsFor(input, "whole"), expected, showTimes: true, cancellation).ConfigureAwait(false);
        }

        if (kills > 0)
        {
            output.WriteLine($"Kills at random points, seed {seed}");
            var random = new Random(seed);
            foreach (JobInput input in new[] { JobInput.Topic, JobInput.Live })
            {
                JobSettings settings = SettingsFor(input, "killed");
                equal &= await KillAsync(settings, kills, random, rows + expected.Sales.Values.Sum(item => item.Lines), cancellation).ConfigureAwait(false);
                // Once more, in this process and from the same data: it finds everything done and has the results to compare. Its times say nothing.
                equal &= await CheckAsync($"{input}, killed {kills} times", settings, expected, showTimes: false, cancellation).ConfigureAwait(false);
            }
        }

        output.WriteLine(equal ? "All equal." : "NOT equal.");
        return equal ? 0 : 1;
    }

    private JobSettings SettingsFor(JobInput input, string run)
    {
        string data = Path.Combine(folder, $"{input}-{run}".ToLowerInvariant());
        return Directory.Exists(data)
            ? throw new IOException($"'{data}' is there already. Verify needs a fresh --data folder, or none.")
            : new JobSettings(file, data, input, speed);
    }

    private async Task<bool> CheckAsync(string name, JobSettings settings, RetailFigures expected, bool showTimes, CancellationToken cancellation)
    {
        JobResult result = await new RetailJob(settings).RunAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<string> differences = RetailFigures.Of(result.View).DifferencesFrom(expected);
        output.WriteLine($"{name}: {(differences.Count == 0 ? "equal" : "DIFFERENT")}{(showTimes ? $"; {JobReport.Times(result)}" : "")}");
        foreach (string difference in differences)
        {
            output.WriteLine($"  {difference}");
        }

        return differences.Count == 0;
    }

    /// <summary>Kills the job at a random point in each of equal stretches of its way, then lets it end.</summary>
    private async Task<bool> KillAsync(JobSettings settings, int kills, Random random, long whole, CancellationToken cancellation)
    {
        bool allHappened = true;
        for (int kill = 0; kill < kills; kill++)
        {
            long at = (long)(whole * (kill + random.NextDouble()) / (kills + 1));
            bool killed = await ChildJob.RunAsync(settings, at, cancellation).ConfigureAwait(false);
            output.WriteLine(killed
                ? FormattableString.Invariant($"  {settings.Input} killed past step {at:N0} of {whole:N0}")
                : FormattableString.Invariant($"  {settings.Input} ended before step {at:N0} of {whole:N0}: nothing to kill"));
            allHappened &= killed;
        }

        await ChildJob.RunAsync(settings, killAt: null, cancellation).ConfigureAwait(false);
        return allHappened;
    }
}
