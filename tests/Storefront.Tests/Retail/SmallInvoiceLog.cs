using System.Globalization;

namespace Storefront.Tests.Retail;

/// <summary>An invoice log of the test's own making, with everything a real one has: cancellations, repeated items, rows that are wrong.</summary>
internal static class SmallInvoiceLog
{
    /// <summary>Event time from the first invoice to the last.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(2);

    /// <summary>Writes the log; the same seed gives the same one.</summary>
    public static string Write(string folder, int invoices, int seed = 1)
    {
        var random = new Random(seed);
        string path = Path.Combine(folder, "invoices.csv");
        using StreamWriter writer = File.CreateText(path);
        writer.WriteLine("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country");
        for (int invoice = 0; invoice < invoices; invoice++)
        {
            DateTime time = new DateTime(2011, 3, 1, 8, 0, 0) + (Span * ((double)invoice / invoices));
            string number = $"{(random.Next(20) == 0 ? "C" : "")}{500_000 + invoice}";
            for (int line = random.Next(1, 12); line > 0; line--)
            {
                writer.WriteLine(Row(random, number, time));
            }
        }

        return path;
    }

    private static string Row(Random random, string invoice, DateTime time) => random.Next(50) switch
    {
        0 => $"{invoice},broken",
        1 => $"{invoice},S1,\"AN OPEN QUOTE,1,{Time(time)},1.00,,France",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{invoice},S{Math.Min(random.Next(40), random.Next(40))},\"THING, \"\"NICE\"\"\",{random.Next(-1, 12)},{Time(time)},{random.Next(0, 900) / 100m},{(random.Next(3) == 0 ? "" : "17850.0")},France"),
    };

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
