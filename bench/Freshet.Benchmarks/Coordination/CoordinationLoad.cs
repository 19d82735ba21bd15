using System.Diagnostics;
using Freshet.Protocol.Jute;

namespace Freshet.Benchmarks.Coordination;

/// <summary>Creates znodes, reads them, sets them and deletes them, on a few connections that each keep a window of requests under way.</summary>
internal sealed record CoordinationLoad(int Operations, int DataSize, int Connections, int Window)
{
    /// <summary>Names of the phases, in order. Each works on the znodes of the first.</summary>
    public static IReadOnlyList<string> Phases { get; } = ["create", "get", "set", "delete"];

    private int PerConnection => Operations / Connections;

    /// <summary>Runs every phase and returns what each showed.</summary>
    public CoordinationMeasurement[] Run(ServerUnderTest server)
    {
        string root = $"/bench-{Guid.NewGuid():N}";
        RawConnection[] connections = [.. Enumerable.Range(0, Connections).Select(_ => new RawConnection(server.Address))];
        try
        {
            connections[0].Run(OpCode.Create, Connections, (body, number) => WriteCreate(body, $"{root}-{number}", []), new long[Connections]);
            CoordinationMeasurement[] measured = [.. Phases.Select(phase => RunPhase(phase, server, connections, root))];
            connections[0].Run(OpCode.Delete, Connections, (body, number) => WriteVersioned(body, $"{root}-{number}"), new long[Connections]);
            return measured;
        }
        finally
        {
            foreach (RawConnection connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    private CoordinationMeasurement RunPhase(string phase, ServerUnderTest server, RawConnection[] connections, string root)
    {
        long[] latencies = new long[PerConnection * Connections];
        byte[] data = new byte[DataSize];
        TimeSpan? cpuBefore = server.CpuTime();
        long start = Stopwatch.GetTimestamp();
        Task[] running = [.. connections.Select((connection, number) => Task.Factory.StartNew(
            () => RunOn(connection, phase, $"{root}-{number}", data, latencies.AsSpan(number * PerConnection, PerConnection)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(running);
        return CoordinationMeasurement.Of(latencies, Stopwatch.GetElapsedTime(start), server.CpuTime() - cpuBefore);
    }

    private void RunOn(RawConnection connection, string phase, string parent, byte[] data, Span<long> latencies)
    {
        switch (phase)
        {
            case "create":
                connection.Run(OpCode.Create, Window, (body, number) => WriteCreate(body, At(parent, number), data), latencies);
                break;
            case "get":
                connection.Run(OpCode.GetData, Window, (body, number) => WriteGet(body, At(parent, number)), latencies);
                break;
            case "set":
                connection.Run(OpCode.SetData, Window, (body, number) => WriteSet(body, At(parent, number), data), latencies);
                break;
            default:
                connection.Run(OpCode.Delete, Window, (body, number) => WriteVersioned(body, At(parent, number)), latencies);
                break;
        }
    }

    private static string At(string parent, int number) => $"{parent}/n{number:D7}";

    private static void WriteCreate(JuteWriter body, string path, byte[] data)
    {
        body.WriteString(path);
        body.WriteBuffer(data);
        Acl.WriteList(body, Acl.Open);
        body.WriteInt32((int)CreateMode.Persistent);
    }

    private static void WriteGet(JuteWriter body, string path)
    {
        body.WriteString(path);
        body.WriteBool(false);
    }

    private static void WriteSet(JuteWriter body, string path, byte[] data)
    {
        body.WriteString(path);
        body.WriteBuffer(data);
        body.WriteInt32(-1);
    }

    private static void WriteVersioned(JuteWriter body, string path)
    {
        body.WriteString(path);
        body.WriteInt32(-1);
    }
}
