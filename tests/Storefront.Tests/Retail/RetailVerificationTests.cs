using Freshet.Tests.Support;
using Storefront.Invoices;
using Storefront.Jobs;

namespace Storefront.Tests.Retail;

public class RetailVerificationTests(ITestOutputHelper output)
{
    private const int RealRows = 40_000;

    private readonly StringWriter _report = new();

    [Fact]
    public async Task The_topology_equals_LINQ_over_the_topic_over_the_file_and_live()
    {
        using var folder = new TemporaryFolder();
        string file = SmallInvoiceLog.Write(folder.Path, invoices: 300);
        await VerifyAsync(file, folder, kills: 0, speed: null);
    }

    [Fact]
    public async Task The_topology_equals_LINQ_when_its_process_is_killed_three_times_in_the_middle()
    {
        using var folder = new TemporaryFolder();
        string file = SmallInvoiceLog.Write(folder.Path, invoices: 500);
        // Slow enough that there is a middle.
        await VerifyAsync(file, folder, kills: 3, speed: SmallInvoiceLog.Span.TotalSeconds / 3);
    }

    [Fact]
    public async Task The_topology_equals_LINQ_over_the_first_rows_of_the_real_log()
    {
        if (RealInvoiceLog.Path is not { } real)
        {
            Assert.Skip("The real invoice log is missing (FRESHET_RETAIL_FILE): this test would compare the topology with LINQ over its first rows.");
            return;
        }

        using var folder = new TemporaryFolder();
        string file = await RealInvoiceLog.CopyStartAsync(real, folder.Path, RealRows);
        await VerifyAsync(file, folder, kills: 0, speed: null);
    }

    [Fact]
    public async Task A_job_over_a_log_with_wrong_rows_sets_them_aside_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        string file = SmallInvoiceLog.Write(folder.Path, invoices: 50);
        var rejected = new RejectedRows();
        int lines = InvoiceLog.Read(file, rejected).Count();
        JobResult result = await new RetailJob(new JobSettings(file, Path.Combine(folder.Path, "data"), JobInput.Topic)).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(lines, result.Rows);
        Assert.NotEqual(0, rejected.Count);
        Assert.Equal(rejected.First, result.Rejected.First);
    }

    private async Task VerifyAsync(string file, TemporaryFolder folder, int kills, double? speed)
    {
        try
        {
            var verification = new RetailVerification(file, Path.Combine(folder.Path, "data"), speed, _report);
            Assert.Equal(0, await verification.RunAsync(kills, Random.Shared.Next(), TestContext.Current.CancellationToken));
        }
        finally
        {
            output.WriteLine(_report.ToString());
        }
    }
}
