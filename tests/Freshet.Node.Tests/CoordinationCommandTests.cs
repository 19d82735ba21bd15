using System.Net.Sockets;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

public sealed class CoordinationCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task A_zoo_cfg_is_followed_and_flags_override_it()
    {
        string log = Path.Combine(_folder.Path, "log");
        int inFile = FreshetProcess.FreePort();
        string file = Write($"dataDir={Data}", $"dataLogDir={log}", $"clientPort={inFile}", "clientPortAddress=127.0.0.1", "sparkle=1");
        await using (var followed = FreshetProcess.Start("coordination", "--config", file))
        {
            Assert.Equal($"127.0.0.1:{inFile}", await followed.ReadyAsync("coordination"));
            Assert.Contains("Mode: standalone", await AskAsync(inFile, "srvr"), StringComparison.Ordinal);
            Assert.Equal(0, await followed.StopAsync());
            Assert.Contains("line 5: sparkle", await followed.ErrorsAsync(), StringComparison.Ordinal);
        }

        Assert.True(Directory.Exists(Path.Combine(Data, "coordination")));
        Assert.True(Directory.Exists(Path.Combine(log, "coordination")));
        int inFlag = FreshetProcess.FreePort();
        await using var overridden = FreshetProcess.Start("coordination", "--config", file, "--port", $"{inFlag}", "--four-letter-words", "srvr,ruok");
        Assert.Equal($"127.0.0.1:{inFlag}", await overridden.ReadyAsync("coordination"));
        Assert.Equal("imok", await AskAsync(inFlag, "ruok"));
    }

    [Fact]
    public async Task Admin_pages_are_there_when_the_file_or_a_flag_asks_for_them()
    {
        using var http = new HttpClient();
        string file = Write($"dataDir={Data}", "clientPort=0", "clientPortAddress=127.0.0.1", "admin.enableServer=true", "admin.serverPort=0");
        await using (var byFile = FreshetProcess.Start("coordination", "--config", file))
        {
            Assert.Contains("standalone", await http.GetStringAsync(await byFile.ReadyAsync("http") + "commands/srvr"), StringComparison.Ordinal);
        }

        await using var byFlag = FreshetProcess.Start("coordination", "--data", Data, "--port", "0", "--http-port", "0");
        Assert.Contains("ok", await http.GetStringAsync(await byFlag.ReadyAsync("http") + "health"), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_wrong_line_is_named() => AssertRefusedAsync("zoo.cfg, line 2: clientPort", "--config", Write($"dataDir={Data}", "clientPort=x"));

    [Fact]
    public Task A_missing_file_is_named() => AssertRefusedAsync("missing.cfg", "--config", Path.Combine(_folder.Path, "missing.cfg"));

    [Fact]
    public Task A_file_without_a_data_directory_is_refused() => AssertRefusedAsync("dataDir", "--config", Write("clientPort=0"));

    [Fact]
    public async Task Data_of_Apache_ZooKeeper_is_not_started_beside()
    {
        Directory.CreateDirectory(Path.Combine(Data, "version-2"));
        await AssertRefusedAsync("freshet import", "--data", Data, "--port", "0");
        await AssertRefusedAsync("freshet import", "--config", Write($"dataDir={_folder.Path}", $"dataLogDir={Data}", "clientPort=0"));
    }

    [Fact]
    public async Task A_damaged_myid_is_named()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "myid"), "one");
        await AssertRefusedAsync("myid", "--data", Data, "--port", "0");
        await File.WriteAllTextAsync(Path.Combine(Data, "myid"), "1\n");
        await using var started = FreshetProcess.Start("coordination", "--data", Data, "--port", "0");
        await started.ReadyAsync("coordination");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertRefusedAsync(string because, params string[] arguments)
    {
        await using var refused = FreshetProcess.Start(["coordination", .. arguments]);
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains(because, await refused.ErrorsAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(int port, string word)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(word));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    private string Write(params string[] lines)
    {
        string path = Path.Combine(_folder.Path, "zoo.cfg");
        File.WriteAllLines(path, lines);
        return path;
    }
}
