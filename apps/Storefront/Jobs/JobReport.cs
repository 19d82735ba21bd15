using System.Globalization;
using Storefront.Invoices;

namespace Storefront.Jobs;

/// <summary>One line about how long a job took.</summary>
internal static class JobReport
{
    public static string Times(JobResult result)
    {
        string rejected = result.Rejected.Count == 0 ? "" : $"; {result.Rejected.Count} rows set aside, {First(result.Rejected.First[0])}";
        string written = result.Rows == 0 ? "" : $"{result.Rows:N0} rows written in {Time(result.Writing)} ({Rate(result.Rows, result.Writing)}), ";
        long lines = result.View.SaleLines;
        return FormattableString.Invariant($"{written}{lines:N0} sale lines processed in {Time(result.Processing)} ({Rate(lines, result.Processing)}){rejected}");
    }

    private static string First(RejectedRow row) => $"the first at line {row.Line}: {row.Reason}";

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static string Rate(long rows, TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows / Math.Max(time.TotalSeconds, 0.001):N0} rows/s");
}
