using Freshet.Coordination.Connections;
using Freshet.Coordination.Transactions;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Sessions;

/// <summary>The first frame of a connection: opens a session or attaches to one (ZooKeeper protocol, connection handshake).</summary>
internal sealed class Handshake(CoordinationServer server, SessionPasswords passwords)
{
    public void Receive(ClientConnection connection, ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        ConnectRequest request = ConnectRequest.Read(ref reader);
        if (request.LastZxidSeen > server.State.LastZxid)
        {
            // The client has seen what this server has not: it must not go back in time here.
            server.Log.ClientIsAhead(connection.RemoteAddress, request.LastZxidSeen, server.State.LastZxid);
            connection.Close();
            return;
        }

        int timeout = server.SessionTimeouts.Clamp(request.TimeoutMs);
        if (request.SessionId == 0 && server.Writes.IsShut)
        {
            connection.Close(); // as a server that does not serve: the client tries another one, or again
        }
        else if (request.SessionId == 0)
        {
            connection.IsHandshaking = true;
            var reply = new OpenReply(this, connection, timeout, request.ReadOnly is not null);
            server.Pipeline.Propose(new Transaction([new OpenSessionChange(timeout)], server.Pipeline.Next()) { Reply = reply });
        }
        else
        {
            Attach(connection, request, timeout);
        }
    }

    /// <summary>The password comes first: who does not know it learns nothing and disturbs nobody.</summary>
    private void Attach(ClientConnection connection, in ConnectRequest request, int timeout)
    {
        bool withReadOnly = request.ReadOnly is not null;
        Session? session = passwords.IsRight(request.SessionId, request.Password) ? server.State.Sessions.Find(request.SessionId) : null;
        if (session is null or { IsClosing: true })
        {
            Refuse(connection, withReadOnly);
            return;
        }

        session.Connection?.Close();
        session.Connection = connection;
        session.Timeout = timeout;
        server.Touch(session);
        connection.IsHandshaking = true;
        // What the session wrote through its former connection must show in what it reads here.
        server.Pipeline.WhenApplied(server.Pipeline.LastProposed, () =>
        {
            if (session.IsClosing)
            {
                Refuse(connection, withReadOnly);
            }
            else if (session.Connection == connection)
            {
                Accept(connection, session, withReadOnly);
            }
        });
    }

    private void Accept(ClientConnection connection, Session session, bool withReadOnly)
    {
        if (connection.IsClosing)
        {
            return;
        }

        connection.Session = session;
        session.Connection = connection;
        server.Touch(session);
        Answer(connection, new ConnectResponse(session.Timeout, session.Id, passwords.Of(session.Id), withReadOnly ? false : null));
        connection.IsHandshaking = false;
        server.Connections.Resume(connection);
    }

    private void Refuse(ClientConnection connection, bool withReadOnly)
    {
        Answer(connection, new ConnectResponse(0, 0, new byte[ConnectRequest.PasswordLength], withReadOnly ? false : null));
        connection.Close();
    }

    private void Answer(ClientConnection connection, ConnectResponse response)
    {
        int frame = connection.Sender.Unsent.BeginFrame();
        response.Write(connection.Sender.Unsent);
        connection.Sender.Unsent.EndFrame(frame);
        connection.Statistics.Sent(connection.Sender.Unsent.Length - frame);
        server.Connections.MarkDirty(connection);
    }

    /// <summary>A client that waits for its new session.</summary>
    private sealed class OpenReply(Handshake handshake, ClientConnection connection, int timeout, bool withReadOnly) : IPendingReply
    {
        public void Applied(int index, ReplicatedState state)
        {
        }

        public void Abandon(ErrorCode error, long zxid) => connection.Close();

        public void Send(Transaction transaction) =>
            handshake.Open(transaction.At.Zxid, timeout, connection, withReadOnly);
    }

    private void Open(long id, int timeout, ClientConnection connection, bool withReadOnly)
    {
        Session session = server.State.Sessions.Open(id, timeout);
        // A client that is gone already cannot know the session; it expires like any other.
        server.Touch(session);
        Accept(connection, session, withReadOnly);
    }
}
