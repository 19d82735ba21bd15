using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// What the session proves its identities with. The server forgets them with the connection, so each connection sends them anew,
/// before anything else (ZooKeeper protocol, authentication). Thread-safe.
/// </summary>
internal sealed class Credentials
{
    private readonly Lock _gate = new();
    private readonly List<Credential> _all = [];
    private ErrorCode? _closed;
    private long _last;

    /// <summary>Adds credentials for this connection and all that follow; the same ones given before are replaced.</summary>
    public Credential Add(string scheme, byte[] secret)
    {
        lock (_gate)
        {
            var credential = new Credential(++_last, scheme, secret);
            if (_closed is ErrorCode reason)
            {
                credential.Fail(reason);
                return credential;
            }

            _all.RemoveAll(credential.ReplacesAccepted);
            _all.Add(credential);
            return credential;
        }
    }

    /// <summary>Forgets credentials that a server refused.</summary>
    public void Remove(Credential credential)
    {
        lock (_gate)
        {
            _all.Remove(credential);
        }
    }

    /// <summary>Those added after the one with this number, oldest first.</summary>
    public Credential[] After(long number)
    {
        lock (_gate)
        {
            return [.. _all.Where(credential => credential.Number > number)];
        }
    }

    /// <summary>No server was found for too long: nobody should wait any more. The credentials stay.</summary>
    public void FailWaiting(ErrorCode error) => Array.ForEach(After(0), credential => credential.Fail(error));

    /// <summary>The session is over.</summary>
    public void Close(ErrorCode reason)
    {
        lock (_gate)
        {
            _closed = reason;
        }

        FailWaiting(reason);
    }
}

/// <summary>One identity's proof, and whoever waits for the server to accept it.</summary>
/// <param name="number">Grows with every credential of a session.</param>
internal sealed class Credential(long number, string scheme, byte[] secret)
{
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number => number;

    public Task Accepted => _accepted.Task;

    public string Scheme => scheme;

    private byte[] Secret => secret;

    public bool ReplacesAccepted(Credential other) =>
        other.Accepted.IsCompletedSuccessfully && other.Scheme == scheme && other.Secret.AsSpan().SequenceEqual(secret);

    /// <summary>A login to go through at the start of a connection; null where an auth packet says it all.</summary>
    public SaslLogin? BeginLogin() => scheme == SaslLogin.Scheme ? new SaslLogin(secret) : null;

    /// <summary>Writes the auth packet's frame: int type, always 0; string scheme; buffer auth.</summary>
    public void WriteFrame(JuteWriter output)
    {
        int frame = output.BeginFrame();
        new RequestHeader(ReservedXid.Auth, OpCode.Auth).Write(output);
        output.WriteInt32(0);
        output.WriteString(scheme);
        output.WriteBuffer(secret.AsSpan());
        output.EndFrame(frame);
    }

    public void Accept() => _accepted.TrySetResult();

    public void Fail(ErrorCode error)
    {
        _accepted.TrySetException(new CoordinationException(error, "Authenticate", path: null));
        _ = _accepted.Task.Exception; // seen: the wait may have been cancelled
    }
}
