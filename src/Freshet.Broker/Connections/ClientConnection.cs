using System.Net.Sockets;
using Freshet.Broker.Access;
using Freshet.Broker.Authentication;
using Freshet.Broker.Monitoring;
using Freshet.Broker.Quotas;
using Freshet.Broker.Requests;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Connections;

/// <summary>
/// One client: takes a request, answers it, takes the next. Clients send ahead without waiting; what they sent waits in the
/// connection's buffers, which are bounded, so a client that floods or does not read only slows itself.
/// </summary>
internal sealed class ClientConnection(
    ConnectionContext connection, Peer peer, RequestDispatcher dispatcher, Authorizer authorizer, ClientQuotas quotas, BrokerOptions options, TimeProvider time, ILogger logger)
{
    private readonly FrameReader _requests = new(connection.Transport.Input, peer, options);
    private readonly ResponseWriter _responses = new(connection.Transport.Output, options.MaxFetchAheadBytes);

    private readonly DateTimeOffset _knownBy = time.GetUtcNow() + (peer.Sasl?.Options ?? options.Sasl).Timeout;

    public async Task ServeAsync(CancellationToken stopping)
    {
        ConnectionFigures figures = dispatcher.Figures.ConnectionsOf(peer.Listener.Name);
        figures.Came();
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stopping, connection.ConnectionClosed);
        try
        {
            while (peer.Sasl is { ExpectsBareToken: true } sasl
                ? await AnswerTokenAsync(sasl, closed.Token).ConfigureAwait(false)
                : await AnswerNextAsync(closed.Token).ConfigureAwait(false))
            {
            }
        }
        catch (KafkaFormatException malformed)
        {
            BrokerLog.MalformedRequest(logger, connection.RemoteEndPoint, malformed.Message);
        }
        catch (Exception gone) when (IsEndOfConnection(gone) || gone is TimeoutException or IOException or SocketException)
        {
            // The client left, was idle for too long, or the broker stops.
        }
        finally
        {
            figures.Went();
        }
    }

    /// <summary>Answers the next request; false when there is none, or when the connection is to be closed.</summary>
    private async ValueTask<bool> AnswerNextAsync(CancellationToken closed)
    {
        using RequestFrame? frame = await InTimeAsync(_requests.ReadAsync(closed), closed).ConfigureAwait(false);
        return frame is not null && await AnswerAsync(frame, closed).ConfigureAwait(false);
    }

    /// <summary>Answers the next bare token; false when the connection is to be closed.</summary>
    private async ValueTask<bool> AnswerTokenAsync(SaslSession sasl, CancellationToken closed)
    {
        if (await InTimeAsync(_requests.ReadTokenAsync(closed), closed).ConfigureAwait(false) is not { } token)
        {
            return false;
        }

        (SaslReply reply, _) = await sasl.AdvanceAsync(token, closed).ConfigureAwait(false);
        return reply.Failure is null && await InTimeAsync(_responses.WriteTokenAsync(reply.Token, closed), closed).ConfigureAwait(false);
    }

    /// <summary>Waits for the client as long as it may take: to become known, or else to send or to take something.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    private ValueTask<T> InTimeAsync<T>(ValueTask<T> step, CancellationToken closed)
    {
        if (step.IsCompleted)
        {
            return step;
        }

        TimeSpan patience = peer.IsKnown ? options.MaxConnectionIdle : _knownBy - time.GetUtcNow();
        return new(step.AsTask().WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time, closed));
    }

    /// <summary>Answers one request; false when the connection is to be closed.</summary>
    private async ValueTask<bool> AnswerAsync(RequestFrame frame, CancellationToken closed)
    {
        var header = RequestHeader.Read(frame.Memory, out _);
        if (peer.Sasl is { } sasl && !sasl.Accepts(header.Key))
        {
            BrokerLog.NotAuthenticated(logger, peer.Host, peer.Listener.Name, header.Key);
            return false;
        }

        RequestHandler? handler = dispatcher.Find(header.Key, header.Version);
        if (handler is null)
        {
            return await RefuseAsync(header, closed).ConfigureAwait(false);
        }

        var context = new RequestContext(header, frame.Memory, peer, authorizer, quotas);
        try
        {
            long started = time.GetTimestamp();
            ValueTask<IKafkaWritable?> answering = handler.HandleAsync(context, closed);
            // The part that holds a thread; while a handler waits it holds none.
            TimeSpan busy = time.GetElapsedTime(started);
            IKafkaWritable? response = await answering.ConfigureAwait(false);
            using (response as IDisposable)
            {
                IKafkaWritable? sent = quotas.AreNone || !peer.IsKnown ? response : Charge(context, frame.Length, busy, response);
                bool goesOn = (sent is null || await InTimeAsync(_responses.WriteAsync(header, sent, context.Throttle, closed), closed).ConfigureAwait(false))
                    && !context.CloseConnection;
                TimeSpan taken = time.GetElapsedTime(started);
                ErrorCode error = response is null ? ErrorCode.None : _responses.FirstError;
                dispatcher.Figures.Requests.Answered(header.Key, taken, error);
                BrokerLog.Answered(
                    dispatcher.Log, header.Key, header.Version, header.ClientId, peer.Principal, connection.RemoteEndPoint, frame.Length, taken.TotalMilliseconds, error);
                return goesOn && await HoldBackAsync(context.Throttle, closed).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (!IsEndOfConnection(failure))
        {
            dispatcher.Figures.Requests.Failed(header.Key, ErrorCode.UnknownServerError);
            BrokerLog.RequestFailed(logger, header.Key, header.Version, failure);
            return false;
        }
    }

    /// <summary>Counts a request towards the client's quotas, and gives what to answer: no records to one that fetches too many.</summary>
    private IKafkaWritable? Charge(RequestContext context, int bytes, TimeSpan busy, IKafkaWritable? response)
    {
        string? client = context.Header.ClientId;
        context.HoldBack(quotas.OfBusy(peer, client, busy));
        if (context.Header.Key == ApiKey.Produce)
        {
            context.HoldBack(quotas.OfProduced(peer, client, bytes));
        }

        if (response is not FetchResponse { RecordBytes: > 0 } fetched)
        {
            return response;
        }

        context.HoldBack(quotas.OfFetched(peer, client, fetched.RecordBytes, out bool sends));
        return sends ? fetched : fetched with { Topics = [] };
    }

    /// <summary>Reads nothing from the client until its throttle time is over; it has been told to wait as long.</summary>
    private async ValueTask<bool> HoldBackAsync(TimeSpan throttle, CancellationToken closed)
    {
        if (throttle > TimeSpan.Zero)
        {
            await Task.Delay(throttle, time, closed).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Whether the client is wrong or gone, rather than the broker at fault.</summary>
    private static bool IsEndOfConnection(Exception failure) => failure is KafkaFormatException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException;

    private async ValueTask<bool> RefuseAsync(RequestHeader header, CancellationToken closed)
    {
        if (header.Key == ApiKey.ApiVersions)
        {
            // Clients begin with the newest version they know and step down by the list in this answer, which has the oldest form.
            return await _responses.WriteAsync(header with { Version = 0 }, dispatcher.Versions.Unsupported(), TimeSpan.Zero, closed).ConfigureAwait(false);
        }

        BrokerLog.UnsupportedRequest(logger, connection.RemoteEndPoint, (short)header.Key, header.Version);
        return false;
    }
}
