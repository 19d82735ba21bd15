namespace Freshet.Tidy.Tests;

/// <summary>Calls that are wrong in a server, each with what to write instead.</summary>
public class BannedCallTests
{
    private static readonly (string Call, string Instead)[] BannedInProduct =
    [
        ("DateTime.Now", "a TimeProvider, so that tests own the clock"),
        ("DateTime.UtcNow", "a TimeProvider, so that tests own the clock"),
        ("DateTimeOffset.Now", "a TimeProvider, so that tests own the clock"),
        ("DateTimeOffset.UtcNow", "a TimeProvider, so that tests own the clock"),
        ("Thread.Sleep(", "awaiting the thing itself"),
        (".GetAwaiter().GetResult()", "await"),
        ("async void", "async Task"),
        ("Console.Write", "a logger, or the command's output"),
        ("GC.Collect(", "nothing"),
        ("BinaryFormatter", "a written format"),
        ("#region", "a file of its own"),
        ("partial class", "one class a file ([LoggerMessage] and generated regular expressions excepted)"),
    ];

    private static readonly (string Call, string Instead)[] BannedInTests =
    [
        ("Thread.Sleep(", "waiting for the condition with a deadline"),
        ("async void", "async Task"),
        ("Assert.True(true", "an assertion that can fail"),
    ];

    [Fact]
    public void The_product_makes_no_banned_call() => Assert.Empty(Find(Sources.Product, BannedInProduct));

    [Fact]
    public void What_is_stored_is_forced_to_disk_by_the_one_call_that_tells_of_failures() => Assert.Empty(Find(
        Sources.Product.Where(file => file.StartsWith("src/Freshet.Storage/", StringComparison.Ordinal) && !file.EndsWith("/DataSync.cs", StringComparison.Ordinal)),
        [("RandomAccess.FlushToDisk(", "DataSync.Flush"), ("flushToDisk:", "DataSync.Flush"), (".Flush(true)", "DataSync.Flush")]));

    [Fact]
    public void Tests_make_no_banned_call() => Assert.Empty(Find(
        Sources.CSharp.Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && !file.EndsWith($"{nameof(BannedCallTests)}.cs", StringComparison.Ordinal)),
        BannedInTests));

    private static List<string> Find(IEnumerable<string> files, (string Call, string Instead)[] banned) =>
    [
        .. from file in files
           let text = Sources.Text(file)
           from ban in banned
           where text.Contains(ban.Call, StringComparison.Ordinal) && !IsGeneratedPart(ban.Call, text)
           select $"{file}: {ban.Call} - use {ban.Instead}",
    ];

    /// <summary>Source generators need a partial class to write into.</summary>
    private static bool IsGeneratedPart(string call, string text) =>
        call == "partial class" && (text.Contains("[LoggerMessage", StringComparison.Ordinal)
            || text.Contains("[GeneratedRegex", StringComparison.Ordinal) || text.Contains("[LibraryImport", StringComparison.Ordinal)
             || text.Contains("[JsonSerializable", StringComparison.Ordinal));
}
