using System.Text.RegularExpressions;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Client.Tests;

/// <summary>The samples of docs/recipes.md compile, run, and are those of <see cref="RecipeSamples"/>.</summary>
public sealed partial class RecipeSamplesTests : IAsyncLifetime
{
    private readonly RecipeSamples.Store _store = new();
    private FreshetNode _node = null!;
    private CoordinationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });
        _client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = _node.CoordinationConnectString! });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task The_samples_run()
    {
        using var deadline = new CancellationTokenSource(StubConnection.Patience);
        await RecipeSamples.LockAsync(_client, _store, deadline.Token);
        await RecipeSamples.ElectionAsync(_client, _store, deadline.Token);
        await RecipeSamples.ReadWriteLockAsync(_client, _store, deadline.Token);
        await RecipeSamples.SemaphoreAsync(_client, _store, deadline.Token);
        await RecipeSamples.BarrierAsync(_client, deadline.Token);
        await RecipeSamples.DoubleBarrierAsync(_client, _store, deadline.Token);
        await RecipeSamples.GroupAsync(_client, deadline.Token);
        Assert.Equal("http://10.0.0.5:8080", await RecipeSamples.DirectoryAsync(_client, deadline.Token));
        await RecipeSamples.QueueAsync(_client, _store, deadline.Token);
        Assert.Equal(1, await RecipeSamples.CounterAsync(_client, deadline.Token));
        Assert.Equal(1, await RecipeSamples.IdsAsync(_client, deadline.Token));
        await RecipeSamples.WatchedConfigurationAsync(_client, deadline.Token);
        await _client.CreateAsync("/config/shop", """{"Prices":{"Currency":"EUR"}}"""u8.ToArray(), cancellation: deadline.Token);
        Assert.Equal("EUR", RecipeSamples.ConfigurationProvider(_node.CoordinationConnectString!));
    }

    [Fact]
    public void The_page_shows_the_samples_as_they_are()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "recipes.md"));
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Coordination.Client.Tests", "RecipeSamples.cs"));
        string[] shown = [.. Shown().Matches(page).Select(match => Trimmed(match.Groups["code"].Value))];
        string[] run = [.. Run().Matches(source).Select(match => Trimmed(match.Groups["code"].Value))];
        Assert.Equal(13, run.Length);
        Assert.Equal(run, shown);
    }

    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex("// sample: [^\n]*\n(?<code>.*?)// end", RegexOptions.Singleline)]
    private static partial Regex Run();
}
