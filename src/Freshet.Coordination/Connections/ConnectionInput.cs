using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Freshet.Coordination.Admin;
using Freshet.Protocol.Jute;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Connections;

/// <summary>
/// What comes from one client. Its own task only receives; frames are cut and handed on in sequence, as far as limits allow. It receives
/// again once all that has arrived is processed.
/// </summary>
internal sealed class ConnectionInput(ClientConnection connection, ConnectionContext transport, CoordinationServer server) : ISequenced, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _processed = new() { RunContinuationsAsynchronously = true };
    private ReadOnlySequence<byte> _received;

    /// <summary>Receives until either side closes.</summary>
    public async Task ReceiveAsync()
    {
        PipeReader input = transport.Transport.Input;
        try
        {
            while (!connection.IsClosing)
            {
                ReadResult read = await input.ReadAsync(transport.ConnectionClosed).ConfigureAwait(false);
                if (read.IsCanceled)
                {
                    break;
                }

                _received = read.Buffer;
                await ProcessAsync().ConfigureAwait(false);
                input.AdvanceTo(_received.Start, _received.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client or the listener ended the connection; the session lives on until it expires.
        }
    }

    /// <summary>Has <see cref="ReceiveAsync"/> end.</summary>
    public void EndReceiving() => transport.Transport.Input.CancelPendingRead();

    /// <summary>Processes the input that has arrived, as far as limits allow; the rest follows with <see cref="Resume"/>.</summary>
    public void Run() => Resume();

    /// <summary>Goes on with input that had to wait.</summary>
    public void Resume()
    {
        try
        {
            while (!connection.IsClosing)
            {
                if (connection.IsSaturated)
                {
                    server.Connections.Park(connection);
                    return;
                }

                if (connection.Session is null && FourLetterWord.Begins(_received))
                {
                    AnswerWord();
                    break;
                }

                if (!server.Frames.TryTake(ref _received, out ReadOnlySpan<byte> frame))
                {
                    break;
                }

                connection.Receive(frame);
            }
        }
        catch (JuteException nonsense)
        {
            server.Log.ConnectionTalksNonsense(connection.RemoteAddress, nonsense.Message);
            connection.Close();
        }

        _processed.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _processed.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _processed.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _processed.OnCompleted(continuation, state, token, flags);

    private ValueTask ProcessAsync()
    {
        _processed.Reset();
        var processed = new ValueTask(this, _processed.Version);
        server.Sequencer.Post(this);
        return processed;
    }

    /// <summary>Answers a four-letter word once all of it is here, and closes.</summary>
    private void AnswerWord()
    {
        if (FourLetterWord.TryTake(ref _received, out string word, out long argument))
        {
            connection.Statistics.Received(FourLetterWord.Length);
            FourLetterWord.Answer(word, argument, server, connection.Sender.Unsent);
            connection.Close();
        }
    }
}
