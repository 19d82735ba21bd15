using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>Decodes the body of a successful reply.</summary>
internal delegate T ReplyDecoder<out T>(ref JuteReader reader);

/// <summary>A request from the moment it is made until it is answered.</summary>
internal abstract class PendingRequest(OpCode type, string? path, JuteWriter body) : IDisposable
{
    public OpCode Type => type;

    public string? Path => path;

    /// <summary>Assigned when the request is put on a connection.</summary>
    public int Xid { get; set; }

    /// <summary>Writes the whole frame.</summary>
    public void WriteFrame(JuteWriter output)
    {
        int frame = output.BeginFrame();
        new RequestHeader(Xid, type).Write(output);
        output.WriteRaw(body.WrittenSpan);
        output.EndFrame(frame);
    }

    /// <summary>Takes the reply. Runs on the connection's read loop, before the next frame is read.</summary>
    public abstract void Complete(ErrorCode error, ref JuteReader reader);

    public abstract void Fail(ErrorCode error);

    public void Dispose() => body.Dispose();
}

/// <summary>A request whose reply is a <typeparamref name="T"/>.</summary>
/// <param name="answered">Runs on the read loop as the reply comes, so that a watch is in place before any later event.</param>
/// <param name="expected">An error that is an answer as good as another: it replies <c>default</c>. Null for none.</param>
internal sealed class PendingRequest<T>(
    OpCode type, string? path, JuteWriter body, ReplyDecoder<T> decode, Action<ErrorCode>? answered, ErrorCode? expected)
    : PendingRequest(type, path, body)
{
    // Continuations run elsewhere: a caller that blocks after its await must not block the read loop.
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Reply => _reply.Task;

    public override void Complete(ErrorCode error, ref JuteReader reader)
    {
        answered?.Invoke(error);
        if (error == expected)
        {
            _reply.TrySetResult(default!);
            return;
        }

        if (error != ErrorCode.Ok)
        {
            Fail(error);
            return;
        }

        T reply;
        try
        {
            reply = decode(ref reader);
        }
        catch (CoordinationException failure)
        {
            // A multi reports its failure in the body.
            _reply.TrySetException(failure);
            return;
        }
        catch (JuteException)
        {
            // The connection ends with this; its caller must hear of it too.
            Fail(ErrorCode.MarshallingError);
            throw;
        }

        _reply.TrySetResult(reply);
    }

    public override void Fail(ErrorCode error) => _reply.TrySetException(new CoordinationException(error, Type.ToString(), Path));
}
