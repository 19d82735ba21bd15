using System.CommandLine;
using System.Globalization;
using Storefront.Retail;

namespace Storefront.Jobs;

/// <summary><c>job</c>: runs the retail topology over a whole invoice log and prints what it came to.</summary>
internal static class JobCommand
{
    public static Command Create()
    {
        Option<string> file = JobOptions.File();
        Option<string?> data = JobOptions.Data();
        Option<double?> speed = JobOptions.Speed();
        var input = new Option<JobInput>("--input")
        {
            Description = "Topic: write the log to the broker, then read it as bounded input. Live: replay it while the topology runs. File: no broker.",
            DefaultValueFactory = _ => JobInput.Topic,
        };
        var progress = new Option<bool>("--progress") { Description = "Prints rows written and sale lines counted, for programs.", Hidden = true };
        var command = new Command("job", "Computes best sellers, revenue and co-purchases over a whole invoice log.") { file, data, input, speed, progress };
        command.SetAction((parsed, stop) => JobOptions.InFolderAsync(
            parsed.GetValue(data),
            folder => RunAsync(
                new JobSettings(parsed.GetValue(file)!, folder, parsed.GetValue(input), parsed.GetValue(speed)),
                parsed.GetValue(progress), parsed.InvocationConfiguration.Output, stop)));
        return command;
    }

    private static async Task<int> RunAsync(JobSettings settings, bool showProgress, TextWriter output, CancellationToken cancellation)
    {
        var job = new RetailJob(settings, showProgress ? (written, counted) => ChildJob.WriteProgress(output, written, counted) : null);
        Print(await job.RunAsync(cancellation).ConfigureAwait(false), output);
        return 0;
    }

    private static void Print(JobResult result, TextWriter output)
    {
        RetailView view = result.View;
        output.WriteLine("Best sellers");
        foreach (BestSeller item in view.BestSellers(10))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {item.StockCode,-12} {item.Quantity,10:N0} pieces {item.Revenue,14:N2} pounds"));
        }

        PrintBoughtTogether(view, output);
        IReadOnlyList<RevenueWindow> revenue = view.Revenue(int.MaxValue);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Revenue: {revenue.Sum(window => window.Revenue):N2} pounds in {revenue.Count:N0} windows of ten minutes"));
        output.WriteLine(JobReport.Times(result));
    }
    private static void PrintBoughtTogether(RetailView view, TextWriter output)
    {
        // A single large order may make a best seller of an item that nobody bought with another.
        foreach (BestSeller item in view.BestSellers(10))
        {
            if (view.BoughtWith(item.StockCode, 5) is { Count: > 0 } others)
            {
                output.WriteLine($"Bought together with {item.StockCode}");
                foreach (CoPurchase other in others)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {other.StockCode,-12} {other.Invoices,10:N0} invoices"));
                }

                return;
            }
        }
    }
}
