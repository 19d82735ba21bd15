using System.Globalization;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Streams;

/// <summary>A disk that fails while a topology's checkpoint is forced to it: a bounded job of the shop, over a file.</summary>
public sealed class CheckpointFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoints => Path.Combine(_folder.Path, "data", "checkpoints-file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_checkpoint_whose_fsync_failed_is_not_taken_for_one_and_the_run_ends_with_the_reason()
    {
        Assert.SkipWhen(Peers.Strace is null, "strace is missing: this test would fail the fdatasync of a checkpoint.");
        string[] rows = [.. Enumerable.Range(0, 100).Select(row => string.Create(CultureInfo.InvariantCulture, $"{536365 + row},22423,CAKESTAND,1,12/1/2010 8:26,2.5,17850,United Kingdom"))];
        await File.WriteAllLinesAsync(
            Invoices, ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", .. rows], TestContext.Current.CancellationToken);

        ProgramRun failed = await RunAsync("env", "DOTNET_EnableDiagnostics=0", Peers.Strace!, "-f", "-qqq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO", "dotnet");
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("fdatasync failed", failed.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Checkpoints), file => Path.GetExtension(file) != ".tmp");

        ProgramRun whole = await RunAsync("dotnet");
        Assert.Equal(0, whole.ExitCode);
        Assert.Contains("Best sellers", whole.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Checkpoints, "checkpoint-?"));
    }

    private string Invoices => Path.Combine(_folder.Path, "invoices.csv");

    private Task<ProgramRun> RunAsync(string program, params string[] starter) => ProgramRun.RunAsync(
        program,
        [.. starter, Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Storefront", "release", "Storefront.dll"), "job", "--input", "File", "--file", Invoices, "--data", Path.Combine(_folder.Path, "data")]);
}
