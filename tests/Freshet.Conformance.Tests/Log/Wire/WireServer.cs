using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Freshet.Protocol.Kafka;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>A broker that is asked in bytes, over one connection which is opened again when the broker has closed it.</summary>
internal sealed class WireServer(string address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Lazy<Dictionary<string, (IReadOnlyList<Shape> Request, IReadOnlyList<Shape> Answer)>> Shapes = new(ReadShapes);

    private TcpClient? _connection;
    private int _correlation;

    /// <summary>Sends a request and reads its answer; null when the broker closes the connection instead.</summary>
    /// <param name="awaited">Whether an answer is to come.</param>
    public async Task<JsonObject?> AskAsync(string api, short version, JsonObject request, bool awaited = true)
    {
        var key = Enum.Parse<ApiKey>(api);
        byte[] frame = Frame(key, version, request);
        byte[] size = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
        byte[]? answer = await ExchangeAsync([.. size, .. frame], awaited);
        return answer is null ? null : ReadAnswer(key, version, answer);
    }

    /// <summary>Sends bytes as they are, and returns the next answer without its length; null when the broker closes the connection instead.</summary>
    public async Task<byte[]?> ExchangeAsync(byte[] bytes, bool awaited = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (_connection is null)
            {
                _connection = new TcpClient { NoDelay = true };
                await _connection.ConnectAsync(IPEndPoint.Parse(address), patience.Token);
            }

            NetworkStream stream = _connection.GetStream();
            await stream.WriteAsync(bytes, patience.Token);
            if (!awaited)
            {
                return null;
            }

            byte[] size = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(size, patience.Token);
            byte[] answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await stream.ReadExactlyAsync(answer, patience.Token);
            return answer;
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private byte[] Frame(ApiKey key, short version, JsonObject request)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, version, FlexibleVersions.Contains(key, version));
        new RequestHeader(key, version, ++_correlation, "wire").Write(ref writer);
        ShapeCodec.Write(ref writer, Shapes.Value[key.ToString()].Request, request);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static JsonObject ReadAnswer(ApiKey key, short version, byte[] answer)
    {
        // An answer to an unknown version of ApiVersions has the oldest form.
        short form = key == ApiKey.ApiVersions && answer.Length >= 6 && BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)) == (short)ErrorCode.UnsupportedVersion ? (short)0 : version;
        var reader = new KafkaReader(answer.AsMemory(FlexibleVersions.HasFlexibleResponseHeader(key, form) ? 5 : 4), form, FlexibleVersions.Contains(key, form));
        JsonObject values = ShapeCodec.Read(ref reader, Shapes.Value[key.ToString()].Answer);
        reader.ExpectEnd();
        return values;
    }

    private static Dictionary<string, (IReadOnlyList<Shape> Request, IReadOnlyList<Shape> Answer)> ReadShapes()
    {
        var shapes = new Dictionary<string, (IReadOnlyList<Shape>, IReadOnlyList<Shape>)>();
        string[] lines = [.. File.ReadLines(Path.Combine(Transcript.Folder, "shapes.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        for (int at = 0; at < lines.Length; at += 3)
        {
            shapes[lines[at]] = (Shape.Parse(lines[at + 1][1..]), Shape.Parse(lines[at + 2][1..]));
        }

        return shapes;
    }
}
