using System.Buffers.Binary;
using System.Globalization;
using Freshet.Coordination.Tests.Wire;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Fuzzing;

/// <summary>Not beside others: what the process allocates is the server's doing here.</summary>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class FuzzCollection;

/// <summary>
/// Requests broken in every way, over real connections. FRESHET_FUZZ_ROUNDS sets how long (200 without it), FRESHET_FUZZ_SEED repeats a
/// run.
/// </summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests : IAsyncLifetime
{
    private const int RequestsPerRound = 20;
    private const int Marker = 777_777;

    /// <summary>Far more than requests of a few hundred bytes need, and far less than the lengths they claim.</summary>
    private const long MaxBytesPerRequest = 100_000;

    private readonly int _rounds = FromEnvironment("FRESHET_FUZZ_ROUNDS", 200);
    private readonly int _seed = FromEnvironment("FRESHET_FUZZ_SEED", Random.Shared.Next());
    private FreshetNode? _node;

    private string Address => _node!.CoordinationConnectString!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions
    {
        Broker = false,
        ConfigureCoordination = options =>
        {
            options.MaxConnectionsPerAddress = 0;
            options.SaslUsers = new Dictionary<string, string> { ["u"] = "p" };
            options.FourLetterWords = ["*"];
        },
    });

    public ValueTask DisposeAsync() => _node!.DisposeAsync();

    [Fact]
    public Task Broken_requests_are_answered_in_order_or_the_connection_is_closed() => FuzzAsync(async random =>
    {
        using RawClient client = await RawClient.ConnectAsync(Address);
        var sent = new Queue<byte[]>(Enumerable.Range(1, RequestsPerRound).Select(xid => Mutation.Apply(random, Requests.Pick(random, xid))));
        byte[] marker = Frame(writer =>
        {
            new RequestHeader(Marker, OpCode.Exists).Write(writer);
            Bodies.Read("/")(writer);
        });
        await client.SendAsync([.. sent.SelectMany(WithLength), .. marker]);
        await ReadAnswersAsync(client, sent);
    });

    [Fact]
    public Task Broken_bytes_of_any_kind_leave_the_server_as_it_was() => FuzzAsync(async random =>
    {
        using RawClient client = random.Next(2) == 0 ? await RawClient.OpenAsync(Address) : await RawClient.ConnectAsync(Address);
        byte[] handshake = Frame(new ConnectRequest(0, 30_000, 0, new byte[16], ReadOnly: false).Write);
        byte[] word = [.. ((string[])["ruok", "srvr", "stmk", "dump", "mntr"])[random.Next(5)].Select(letter => (byte)letter)];
        IEnumerable<byte> requests = Enumerable.Range(1, RequestsPerRound).SelectMany(xid => WithLength(Requests.Pick(random, xid)));
        byte[] all = random.Next(4) == 0 ? word : [.. handshake, .. requests];
        try
        {
            await client.SendAsync(Mutation.Apply(random, all));
            client.EndSending();
            while (await client.ReceiveAnyAsync())
            {
            }
        }
        catch (IOException)
        {
            // Closed while there was more to send: what is asked of it.
        }
    });

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private static byte[] Frame(Action<JuteWriter> write)
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        write(writer);
        writer.EndFrame(frame);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] WithLength(byte[] frame) => Frame(writer => writer.WriteRaw(frame));

    /// <summary>Replies must come in the order of the requests, up to the last or up to one that ends the connection.</summary>
    private static async Task ReadAnswersAsync(RawClient client, Queue<byte[]> sent)
    {
        while (await client.ReceiveAsync() is byte[] frame)
        {
            var reader = new JuteReader(frame);
            ReplyHeader header = ReplyHeader.Read(ref reader);
            if (sent.TryPeek(out byte[]? request) && IsAnswer(header, request))
            {
                sent.Dequeue();
            }
            else if (header.Xid == Marker && sent.Count == 0)
            {
                return;
            }
            else
            {
                Assert.True(
                    header.Xid is ReservedXid.Notification or ReservedXid.ReplayedEvent,
                    $"{header} came for request {(sent.Count > 0 ? Convert.ToHexString(sent.Peek()) : "none")}.");
            }
        }
    }

    private static bool IsAnswer(ReplyHeader header, byte[] request) =>
        request.Length >= RequestHeader.Size
        && (header.Xid == BinaryPrimitives.ReadInt32BigEndian(request)
            || (header.Xid == ReservedXid.SetWatches && (OpCode)BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(sizeof(int))) is OpCode.SetWatches or OpCode.SetWatches2));

    /// <summary>Runs the rounds; after each the server must serve others as before, and in the end have allocated no more than is sane.</summary>
    private async Task FuzzAsync(Func<Random, Task> round)
    {
        using RawClient control = await RawClient.ConnectAsync(Address);
        await control.CallAsync(OpCode.Create, Bodies.Create("/a"));
        long before = GC.GetTotalAllocatedBytes();
        for (int i = 0; i < _rounds; i++)
        {
            int seed = unchecked(_seed + i);
            try
            {
                await round(new Random(seed));
                await control.PingAsync();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"FRESHET_FUZZ_SEED={seed} FRESHET_FUZZ_ROUNDS=1 repeats this.", failure);
            }

            Assert.False(_node!.Failure.IsCompleted, $"Seed {seed} stopped the server.");
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, _rounds * RequestsPerRound * MaxBytesPerRequest);
    }
}
