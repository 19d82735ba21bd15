using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Freshet.Coordination.Tests.Wire;
using Freshet.Node;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tests.Admin;

public sealed class AdminCommandTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private FreshetNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            Broker = false,
            HttpPort = 0,
            ConfigureCoordination = server => server.SnapshotAfterTransactions = 3,
        });
        _http.BaseAddress = _node.HttpAddress;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("configuration", "client_port secure_client_port data_dir data_dir_size data_log_dir data_log_size tick_time max_client_cnxns min_session_timeout max_session_timeout server_id")]
    [InlineData("connection_stat_reset", "")]
    [InlineData("connections", "connections secure_connections")]
    [InlineData("dirs", "datadir_size logdir_size")]
    [InlineData("hash", "digests")]
    [InlineData("dump", "expiry_time_to_session_ids session_id_to_ephemeral_paths")]
    [InlineData("get_trace_mask", "tracemask")]
    [InlineData("is_read_only", "read_only")]
    [InlineData("last_snapshot", "zxid timestamp")]
    [InlineData("ruok", "")]
    [InlineData("server_stats", "version read_only server_stats client_response node_count")]
    [InlineData("stat_reset", "")]
    [InlineData("stats", "version read_only server_stats client_response node_count connections secure_connections")]
    [InlineData("watch_summary", "num_connections num_paths num_total_watches")]
    [InlineData("watches", "session_id_to_watched_paths")]
    [InlineData("watches_by_path", "path_to_session_ids")]
    public async Task A_command_has_the_fields_of_ZooKeeper(string command, string fields)
    {
        JsonElement answer = await AskAsync(command);
        Assert.Equal([.. fields.Split(' ', StringSplitOptions.RemoveEmptyEntries), "command", "error"], answer.EnumerateObject().Select(field => field.Name));
        Assert.Equal(command, answer.GetProperty("command").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("error").ValueKind);
    }

    [Theory]
    [InlineData("mntr", "monitor", "znode_count")]
    [InlineData("envi", "environment", "zookeeper.version")]
    [InlineData("conf", "configuration", "tick_time")]
    public async Task An_alias_names_the_same_command(string alias, string command, string field)
    {
        JsonElement answer = await AskAsync(alias);
        Assert.Equal(command, answer.GetProperty("command").GetString());
        Assert.NotEqual(JsonValueKind.Undefined, answer.GetProperty(field).ValueKind);
    }

    [Fact]
    public async Task Connections_watches_and_ephemerals_are_told_by_session()
    {
        using RawClient client = await RawClient.ConnectAsync(_node.CoordinationConnectString!);
        await client.CallAsync(OpCode.Create, Bodies.Create("/e", CreateMode.Ephemeral));
        await client.CallAsync(OpCode.GetData, Bodies.Read("/e", watch: true));
        long session = client.Session.SessionId;
        JsonElement connection = (await AskAsync("connections")).GetProperty("connections").EnumerateArray().Single();
        Assert.Equal(session, connection.GetProperty("session_id").GetInt64());
        Assert.Equal("GETD", connection.GetProperty("last_operation").GetString());
        Assert.Equal(3, connection.GetProperty("packets_received").GetInt32());
        JsonElement dump = await AskAsync("dump");
        Assert.Equal("/e", dump.GetProperty("session_id_to_ephemeral_paths").GetProperty($"{session}")[0].GetString());
        Assert.Equal(session, dump.GetProperty("expiry_time_to_session_ids").EnumerateObject().Single().Value[0].GetInt64());
        Assert.Equal("/e", (await AskAsync("wchc")).GetProperty("session_id_to_watched_paths").GetProperty($"{session}")[0].GetString());
        Assert.Equal(session, (await AskAsync("wchp")).GetProperty("path_to_session_ids").GetProperty("/e")[0].GetInt64());
    }

    [Fact]
    public async Task Long_lists_are_told_completely_and_hold_up_nobody()
    {
        using RawClient client = await RawClient.ConnectAsync(_node.CoordinationConnectString!);
        string[] paths = [.. Enumerable.Range(0, 3000).Select(number => $"/{new string('x', 1000)}-{number}")];
        foreach (string path in paths)
        {
            await client.CallAsync(OpCode.Exists, Bodies.Read(path, watch: true));
        }

        // Nobody reads this answer, which is longer than all buffers on the way.
        using HttpResponseMessage unread = await _http.GetAsync("commands/watches", HttpCompletionOption.ResponseHeadersRead);
        JsonElement watches = (await AskAsync("watches")).GetProperty("session_id_to_watched_paths").GetProperty($"{client.Session.SessionId}");
        Assert.Equal(paths.Order(), watches.EnumerateArray().Select(path => path.GetString()!).Order());
        Assert.Equal(3000, (await AskAsync("watches_by_path")).GetProperty("path_to_session_ids").EnumerateObject().Count());
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/free")));
    }

    [Theory]
    [InlineData("watches")]
    [InlineData("watches_by_path")]
    [InlineData("connections")]
    [InlineData("stats")]
    [InlineData("dump")]
    public async Task What_passes_the_bound_is_cut_off_and_the_answer_says_so(string command)
    {
        const int Most = 1000;
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            Broker = false,
            HttpPort = 0,
            ConfigureCoordination = server => server.MaxAdminAnswerBytes = Most,
        });
        using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        using RawClient second = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        using RawClient third = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        for (int number = 0; number < 100; number++)
        {
            await client.CallAsync(OpCode.Create, Bodies.Create($"/ephemeral-{number}", CreateMode.Ephemeral));
            await client.CallAsync(OpCode.Exists, Bodies.Read($"/watched-{number}", watch: true));
        }

        string answer = await _http.GetStringAsync(new Uri(node.HttpAddress!, $"commands/{command}"));
        using JsonDocument document = JsonDocument.Parse(answer);
        Assert.Contains($"{Most} bytes", document.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.InRange(answer.Length, Most, 3 * Most);
    }

    [Fact]
    public async Task A_snapshot_is_taken_after_so_many_transactions_and_told()
    {
        Assert.Equal("-1", (await AskAsync("lsnp")).GetProperty("zxid").GetString());
        using RawClient client = await RawClient.ConnectAsync(_node.CoordinationConnectString!);
        for (int i = 0; i < 4; i++)
        {
            await client.CallAsync(OpCode.Create, Bodies.Create($"/n{i}", CreateMode.Persistent));
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement told;
        do
        {
            deadline.Token.ThrowIfCancellationRequested();
            told = await AskAsync("lsnp");
        }
        while (told.GetProperty("zxid").GetString() == "-1");

        Assert.InRange(Convert.ToInt32(told.GetProperty("zxid").GetString(), 16), 3, 5);
        Assert.True(told.GetProperty("timestamp").GetInt64() > 0);
    }

    [Fact]
    public async Task The_trace_mask_can_be_set()
    {
        Assert.Contains("traceMask=", (await AskAsync("stmk")).GetProperty("error").GetString(), StringComparison.Ordinal);
        await AskAsync("set_trace_mask?traceMask=8");
        Assert.Equal(8, (await AskAsync("gtmk")).GetProperty("tracemask").GetInt64());
    }

    [Fact]
    public async Task An_unknown_command_is_an_error_in_the_answer() =>
        Assert.Equal("Unknown command: nope", (await AskAsync("nope")).GetProperty("error").GetString());

    [Theory]
    [InlineData("commands")]
    [InlineData("commands/")]
    public async Task The_commands_are_listed(string path) => Assert.Contains("<a href=\"/commands/monitor\">", await _http.GetStringAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task A_page_of_another_name_is_not_served()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "commands/monitor") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await _http.SendAsync(request)).StatusCode);
    }

    private Task<JsonElement> AskAsync(string command) => _http.GetFromJsonAsync<JsonElement>($"commands/{command}");
}
