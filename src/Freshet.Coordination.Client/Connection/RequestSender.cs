using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Connection;

/// <summary>Makes a session's requests: paths go below the chroot, and the reply comes back as a task. Thread-safe.</summary>
internal sealed class RequestSender(Session session, ConnectString connect)
{
    public ConnectString Connect => connect;

    /// <summary>A body that begins with a path.</summary>
    public JuteWriter BodyFor(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var body = new JuteWriter();
        body.WriteString(connect.ToServer(path));
        return body;
    }

    /// <summary>A body of a path and whether to watch it.</summary>
    public JuteWriter BodyFor(string path, ZnodeWatch? watch)
    {
        JuteWriter body = BodyFor(path);
        body.WriteBool(watch is not null);
        return body;
    }

    /// <summary>Registers the watch when the reply says that the server has set it.</summary>
    public Action<ErrorCode>? Setting(ZnodeWatch? watch, WatchKind kind, string path, bool evenWhenMissing = false) =>
        watch is null ? null : error =>
        {
            if (error == ErrorCode.Ok)
            {
                session.Watches.Add(kind, connect.ToServer(path), watch);
            }
            else if (error == ErrorCode.NoNode && evenWhenMissing)
            {
                session.Watches.Add(WatchKind.Exist, connect.ToServer(path), watch);
            }
        };

    /// <summary>Puts a request behind those made before, without waiting, and waits for its reply.</summary>
    /// <param name="answered">Runs on the read loop as the reply comes.</param>
    /// <param name="expected">An error that stands for <c>default</c> instead of an exception, which costs a caller that expects it far more.</param>
    public ValueTask<T> SendAsync<T>(
        OpCode type, string? path, JuteWriter body, ReplyDecoder<T> decode, CancellationToken cancellation,
        Action<ErrorCode>? answered = null, ErrorCode? expected = null)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellation);
        }

        var request = new PendingRequest<T>(type, path, body, decode, answered, expected);
        session.Requests.Add(request);
        return new(request.Reply.WaitAsync(cancellation));
    }
}
