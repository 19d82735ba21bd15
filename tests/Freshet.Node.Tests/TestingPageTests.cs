using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary>docs/testing.md shows what compiles and runs.</summary>
public class TestingPageTests
{
    [Fact]
    public void The_example_of_the_page_is_the_one_that_runs()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "testing.md"));
        string shown = page.Split("```csharp\n")[1].Split("```")[0];
        string[] file = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Node.Tests", "OrderServiceTests.cs"));
        IEnumerable<string> without = file.Where(line => !line.Contains("docs/testing.md", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', without) + "\n", shown);
    }
}
